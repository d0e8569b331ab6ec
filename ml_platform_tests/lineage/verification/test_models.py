"""What MLflow holds is compared with the ledger: files, metrics, versions and the champion."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pytest
import sqlalchemy as sa

from ml_platform.pipeline.scorer import current_champion
from ml_platform.stores.database.schema import ledger
from ml_platform_tests.history import PREDICTIONS, History
from ml_platform_tests.lineage.verification.small import change, verify
from ml_platform_tests.lineage.verification.test_verify import flip
from ml_platform_tests.place import Place
from ml_platform_tests.stores.mlflow.candidates import local_artifact


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


def test_a_ledger_without_entries_is_told_by_its_head_and_by_the_registry(copied: Place) -> None:
    change(copied.stores, sa.delete(ledger))
    (found,) = verify(copied.stores, "ledger of flights")
    assert found.what == str(copied.stores.ledger("flights"))
    assert "has 0 entries" in found.found
    assert found.dependents == ("flights/champion/2013-01",)
    (found,) = verify(copied.stores, "registered versions")
    assert found.what == "model 'flights' version 1 in MLflow"
    assert f"{PREDICTIONS} {copied.stores.tables.require(PREDICTIONS).version[:12]}" in found.dependents


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
