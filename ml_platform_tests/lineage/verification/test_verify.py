"""One flipped bit in anything that is stored is named, with what was recorded, what depends on it, and what to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest

from ml_platform.errors import UnknownId
from ml_platform.lineage.verification.difference import Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores
from ml_platform_tests.history import PREDICTIONS, History
from ml_platform_tests.place import Place

FEATURES = ArtifactKey("flights", "features", "2013-01")
CANDIDATE = ArtifactKey("flights", "candidate", "2013-01")


def verify(stores: Stores, words: str = "") -> list[Difference]:
    """Run the checks that have the words in their name."""
    return [difference for check in checks(stores) if words in check.name for difference in check.differences()]


def flip(file: Path, place: int = -100) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.fixture
def artifact(history: History) -> Iterator[Callable[[str], Path]]:
    """Gives the path of a file of version 1 in MLflow; what the test does to it is undone."""
    intact: dict[Path, bytes] = {}
    client = mlflow.MlflowClient(history.place.stores.registry.tracking_uri)
    run = client.get_run(history.before["trained"]["mlflow_run"])
    uri = run.data.tags["onnx_model_uri"].removeprefix("models:/")
    folders = {"run": run.info.artifact_uri, "model": client.get_logged_model(uri).artifact_location}

    def find(name: str) -> Path:
        folder, _, rest = name.partition("/")
        file = Path(folders[folder].removeprefix("file://")) / rest
        if file.exists():
            intact[file] = file.read_bytes()
        return file

    yield find
    for file, content in intact.items():
        file.write_bytes(content)


def test_all_is_as_recorded_after_a_past_with_corrections(history: History) -> None:
    assert verify(history.place.stores) == []


@pytest.mark.parametrize("asset", ["features", "labels", "valid_flights", "predictions"])
def test_a_flipped_bit_in_a_stored_table(copied: Place, asset: str) -> None:
    artifact = ArtifactKey("flights", asset, "2013-02" if asset == "predictions" else "2013-01")
    manifest = copied.stores.tables.require(artifact)
    file = copied.stores.tables.file(artifact, manifest.version)
    flip(file, file.stat().st_size // 3)
    (found,) = verify(copied.stores, f"{artifact} ")
    assert found.file == str(file)
    assert manifest.version in found.recorded
    assert "cannot be read" in found.found or "differ" in found.found
    assert f"flights/{asset}" in found.run
    assert found.dependents or asset == "predictions"


def test_an_older_version_of_a_training_set_names_the_model_that_was_trained_on_it(
    history: History, copied: Place
) -> None:
    version = history.training[FEATURES][0].version
    flip(copied.stores.tables.file(FEATURES, version), 2000)
    (found,) = verify(copied.stores, "flights/features/2013-01")
    assert "model 'flights' version 1" in found.dependents
    assert f"{PREDICTIONS} {history.predictions.version[:12]}" in found.dependents
    assert "older version" in found.run


def test_a_flipped_bit_in_a_document(copied: Place) -> None:
    manifest = copied.stores.documents.require(CANDIDATE)
    flip(copied.stores.documents.file(CANDIDATE, manifest.version))
    (found,) = verify(copied.stores, "flights/candidate/2013-01")
    assert manifest.version in found.recorded


def test_a_flipped_bit_in_a_manifest_and_in_a_record(copied: Place) -> None:
    folder = copied.folder / "tables" / "flights" / "features"
    flip(folder / "2013-01.json")
    (found,) = verify(copied.stores, str(folder))
    assert found.file == str(folder / "2013-01.json")
    assert f"{PREDICTIONS}" in "".join(found.dependents)
    record = sorted((folder / "2013-02" / "records").glob("*.json"))[0]
    flip(record)
    found, *_ = verify(copied.stores, "records of flights")
    assert (found.file, found.recorded) == (str(record), record.stem)


def test_a_record_that_is_gone(copied: Place) -> None:
    record = sorted((copied.folder / "documents" / "flights" / "validation_flights" / "2013-01" / "records").glob("*"))[
        0
    ]
    record.unlink()
    found = verify(copied.stores, "records of flights")
    assert {(one.recorded, one.found) for one in found} == {(record.stem, "missing")}
    assert any("flights/valid_flights/2013-01" in one.dependents[0] for one in found)


def test_a_flipped_bit_in_the_ledger(copied: Place) -> None:
    ledger = copied.stores.ledger("flights").path
    flip(ledger, 300)
    (found,) = verify(copied.stores, "ledger of flights")
    assert found.file == str(ledger)
    assert "line 1" in found.found


def test_a_ledger_that_was_cut_short_is_told_by_the_registry(copied: Place) -> None:
    copied.stores.ledger("flights").path.write_bytes(b"")
    (found,) = verify(copied.stores, "registered versions")
    assert found.file == "model 'flights' version 1 in MLflow"
    assert f"{PREDICTIONS} {copied.stores.tables.require(PREDICTIONS).version[:12]}" in found.dependents


@pytest.mark.parametrize("name", ["model/model.onnx", "model/MLmodel", "run/reference.json", "run/model.skops"])
def test_a_flipped_bit_in_a_file_of_the_model(history: History, artifact: Callable[[str], Path], name: str) -> None:
    flip(artifact(name), 20)
    run_id = history.before["trained"]["mlflow_run"]
    (found,) = verify(history.place.stores, f"MLflow run {run_id}")
    assert found.file == f"{name.removeprefix('run/')} of MLflow run {run_id}"
    assert found.recorded != found.found
    assert found.dependents[0] == "model 'flights' version 1"
    assert f"{PREDICTIONS} {history.predictions.version[:12]}" in found.dependents
    assert "ml-platform rebuild flights --version 1" in found.run


def test_a_file_that_was_put_beside_the_model_is_named(history: History, artifact: Callable[[str], Path]) -> None:
    planted = artifact("model/python_model.pkl")
    planted.write_bytes(b"code")
    try:
        (found,) = verify(history.place.stores, "MLflow run")
        assert found.recorded == "nothing: it was put there later"
    finally:
        planted.unlink()


def test_a_changed_raw_file_that_dvc_does_not_track(copied: Place) -> None:
    recorded = copied.stores.raw.hash("flights", "2013-01")
    flip(copied.raw("flights/2013-01.parquet"))
    (found,) = verify(copied.stores, "raw/flights")
    assert found.recorded == f"MD5 {recorded}"
    assert "dvc commit" in found.run


def test_an_unknown_model_is_refused(history: History) -> None:
    with pytest.raises(UnknownId, match="Did you mean 'flights'"):
        list(checks(history.place.stores, "fligths"))
