"""One flipped bit in anything that is stored is named, with what was recorded, what depends on it, and what to run."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from ml_platform.cli.verify import run
from ml_platform.cli.verify import verify as command
from ml_platform.errors import UnknownId
from ml_platform.lineage.verification.difference import Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.pipeline.scorer import current_champion
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents, ledger, manifests
from ml_platform.stores.installation import DATA
from ml_platform.stores.stores import Stores
from ml_platform_tests.history import PREDICTIONS, History
from ml_platform_tests.place import Place
from ml_platform_tests.stores.mlflow.candidates import local_artifact

FEATURES = ArtifactKey("flights", "features", "2013-01")


def verify(stores: Stores, words: str = "") -> list[Difference]:
    """Run the checks that have the words in their name."""
    return [difference for check in checks(stores) if words in check.name for difference in check.differences()]


def change(place: Place, *statements: sa.Executable) -> None:
    """Change the database behind the platform's back."""
    with place.stores.database.writing("test") as connection:
        for statement in statements:
            connection.execute(statement)


def flip(file: Path, place: int = -100) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


@pytest.fixture
def artifact(history: History) -> Iterator[Callable[[str], Path]]:
    """Gives the path of a file of version 1 in MLflow; what the test does to it is undone."""
    intact: dict[Path, bytes] = {}
    client = mlflow.MlflowClient(history.place.stores.mlflow.tracking_uri)
    run = client.get_run(history.before["trained"]["mlflow_run"])
    uri = run.data.tags["onnx_model_uri"].removeprefix("models:/")
    folders = {"run": run.info.artifact_uri, "model": client.get_logged_model(uri).artifact_location}

    def find(name: str) -> Path:
        folder, _, rest = name.partition("/")
        file = local_artifact(history.place.stores, f"{folders[folder]}/{rest}")
        if file.exists():
            intact[file] = file.read_bytes()
        return file

    yield find
    for file, content in intact.items():
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


def test_an_older_version_of_a_training_set_names_the_model_that_was_trained_on_it(
    history: History, copied: Place
) -> None:
    version = history.training[FEATURES][0].version
    flip(file_of(copied, FEATURES, version), 2000)
    (found,) = verify(copied.stores, "flights/features/2013-01")
    assert "model 'flights' version 1" in found.dependents
    assert f"{PREDICTIONS} {history.predictions.version[:12]}" in found.dependents
    assert "older version" in found.run


def test_a_ledger_without_entries_is_told_by_its_head_and_by_the_registry(copied: Place) -> None:
    change(copied, sa.delete(ledger))
    (found,) = verify(copied.stores, "ledger of flights")
    assert found.what == str(copied.stores.ledger("flights"))
    assert "has 0 entries" in found.found
    assert found.dependents == ("flights/champion/2013-01",)
    (found,) = verify(copied.stores, "registered versions")
    assert found.what == "model 'flights' version 1 in MLflow"
    assert f"{PREDICTIONS} {copied.stores.tables.require(PREDICTIONS).version[:12]}" in found.dependents


def test_a_database_that_is_gone_is_told_by_the_registry(copied: Place) -> None:
    for file in copied.folder.glob("ml_platform.db*"):
        file.unlink()
    (found,) = verify(copied.stores)
    assert found.what == "model 'flights' in MLflow"


def test_tables_and_documents_that_are_gone_are_named(copied: Place) -> None:
    """The ledger still knows the model."""
    change(copied, sa.delete(manifests), sa.delete(documents))
    shutil.rmtree(copied.folder / "objects")
    found = verify(copied.stores)
    assert [one for one in found if one.what.startswith("manifest ") and "version 1" in "".join(one.dependents)]


def test_a_champion_alias_that_was_moved_by_hand_is_named_and_moved_back(copied: Place) -> None:
    stores = copied.stores
    stores.mlflow.client.delete_registered_model_alias("flights", "champion")
    (found,) = verify(stores, "champion of flights")
    assert (found.what, found.found) == ("alias 'champion' of model 'flights' in MLflow", "missing")
    champion = current_champion(stores, "flights")
    assert champion is not None
    assert champion.version == "1"
    assert verify(stores, "champion of flights") == []


def test_metrics_that_were_edited_in_mlflow_are_named(copied: Place) -> None:
    run_id = copied.stores.ledger("flights").entries()[0].run_id
    connection = sqlite3.connect(copied.folder / "mlflow" / "mlflow.db")
    with connection:
        for table in ("metrics", "latest_metrics"):
            connection.execute(
                f"UPDATE {table} SET value = 0.999 WHERE key = 'test_roc_auc' AND run_uuid = ?", [run_id]
            )
    connection.close()
    (found,) = verify(copied.stores, f"metrics of MLflow run {run_id}")
    assert "test_roc_auc" in found.what
    assert found.found == "0.999"


def test_a_tag_of_a_version_that_was_edited_in_mlflow_is_named(copied: Place) -> None:
    """The tags say which rows a version has learned from."""
    (seen,) = (one.candidate for one in copied.stores.ledger("flights").entries() if one.action == "promoted")
    manifest = copied.stores.manifests.get(seen)
    document = copied.stores.documents.read_version(ArtifactKey.of(manifest), manifest)
    name, recorded = next(iter(document["seen"].items()))
    copied.stores.mlflow.client.set_model_version_tag("flights", "1", name, "other")
    (found,) = verify(copied.stores, "tags of registered versions")
    assert (found.recorded, found.found) == (recorded, "other")
    assert f"tag '{name}' of model 'flights' version 1" in found.what


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


def test_a_database_that_is_damaged_keeps_no_raw_file_from_being_looked_at(copied: Place) -> None:
    for file in copied.folder.glob("ml_platform.db-*"):
        file.unlink()
    (copied.folder / "ml_platform.db").write_bytes(b"no database" * 1000)
    found, not_checked = run(list(checks(copied.stores)))
    assert found == []
    assert {one.check for one in not_checked} == {"database", "models in the database"}
    result = CliRunner().invoke(command, [], env={DATA: str(copied.folder)})
    assert result.exit_code == 3
    assert "is damaged: file is not a database" in result.output


@pytest.mark.parametrize("name", ["model/model.onnx", "model/MLmodel", "run/reference.json", "run/model.skops"])
def test_a_flipped_bit_in_a_file_of_the_model(history: History, artifact: Callable[[str], Path], name: str) -> None:
    flip(artifact(name), 20)
    run_id = history.before["trained"]["mlflow_run"]
    (found,) = verify(history.place.stores, f"MLflow run {run_id}")
    assert found.what == f"{name.removeprefix('run/')} of MLflow run {run_id}"
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
    assert "DVC does not track it" in found.run
    assert "dvc commit" not in found.run


def test_an_unknown_model_is_refused(history: History) -> None:
    with pytest.raises(UnknownId, match="Did you mean 'flights'"):
        list(checks(history.place.stores, "fligths"))
