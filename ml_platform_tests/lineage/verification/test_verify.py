"""One flipped bit in anything that is stored is named, with what was recorded, what depends on it, and what to run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from ml_platform.cli.verify import run
from ml_platform.cli.verify import verify as command
from ml_platform.errors import UnknownId
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents, manifests
from ml_platform.stores.installation import DATA
from ml_platform_tests.history import History
from ml_platform_tests.lineage.verification.small import change, verify
from ml_platform_tests.place import Place

FEATURES = ArtifactKey("flights", "features", "2013-01")


def flip(file: Path, place: int = -100) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_all_is_as_recorded_after_a_past_with_corrections(history: History) -> None:
    assert verify(history.place.stores) == []


def file_of(place: Place, artifact: ArtifactKey, version: str) -> Path:
    return Path(place.stores.tables.where(artifact, version))


@pytest.mark.parametrize("asset", ["features", "labels", "valid_flights", "predictions"])
def test_a_flipped_bit_in_a_stored_table(copied: Place, asset: str) -> None:
    artifact = ArtifactKey("flights", asset, "2013-02" if asset == "predictions" else "2013-01")
    manifest = copied.stores.tables.require(artifact)
    file = file_of(copied, artifact, manifest.version)
    flip(file, file.stat().st_size // 3)
    (found,) = verify(copied.stores, f"{artifact} ")
    assert found.what == str(file)
    assert manifest.version in found.recorded
    assert "cannot be read" in found.found or "differ" in found.found
    assert f"flights/{asset}" in found.run
    assert found.dependents or asset == "predictions"


def test_a_database_that_is_gone_is_told_by_the_registry(copied: Place) -> None:
    for file in copied.folder.glob("ml_platform.db*"):
        file.unlink()
    (found,) = verify(copied.stores)
    assert found.what == "model 'flights' in MLflow"


def test_tables_and_documents_that_are_gone_are_named(copied: Place) -> None:
    """The ledger still knows the model."""
    change(copied.stores, sa.delete(manifests), sa.delete(documents))
    shutil.rmtree(copied.folder / "objects")
    found = verify(copied.stores)
    assert [one for one in found if one.what.startswith("manifest ") and "version 1" in "".join(one.dependents)]


def test_each_check_stands_alone_and_what_could_not_be_looked_at_is_told(
    copied: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_arguments: object) -> None:
        raise RuntimeError("MLflow is down")

    monkeypatch.setattr("ml_platform.stores.mlflow.registry.Registry.versions", fall_over)
    found, not_checked = run(list(checks(copied.stores)))
    assert found == []
    assert [(one.check, one.error) for one in not_checked] == [
        ("registered versions of flights", "RuntimeError: MLflow is down")
    ]
    environment = {DATA: str(copied.folder)}
    assert CliRunner().invoke(command, ["--model", "flights"], env=environment).exit_code == 3
    file_of(copied, FEATURES, copied.stores.tables.require(FEATURES).version).unlink()
    result = CliRunner().invoke(command, ["--output", "json"], env=environment)
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [one["found"] for one in told["differences"]] == ["missing"]
    assert [one["check"] for one in told["not_checked"]] == ["registered versions of flights"]


def test_a_changed_raw_file_that_dvc_does_not_track(copied: Place) -> None:
    recorded = copied.stores.raw.hash("flights", "2013-01")
    flip(copied.raw("flights/2013-01.parquet"))
    (found,) = verify(copied.stores, "raw/flights")
    assert found.recorded == f"MD5 {recorded}"
    assert "DVC does not track it" in found.run
    assert "dvc commit" not in found.run


def test_an_unknown_model_is_refused(history: History) -> None:
    with pytest.raises(UnknownId, match="Did you mean 'flights'"):
        list(checks(history.place.stores, "fligths"))
