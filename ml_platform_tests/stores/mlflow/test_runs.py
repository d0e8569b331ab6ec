"""Against a real MLflow on SQLite: what comes back is what was stored."""

from typing import Any

import mlflow
import pytest

from ml_platform.errors import ModelError
from ml_platform.stores.mlflow.entities import PARENT_TAG
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import candidate
from ml_platform_tests.stores.small_model import small_model


def status_of(stores: Stores, run_id: str) -> str:
    """Return what MLflow's own client says."""
    return str(stores.mlflow.client.get_run(run_id).info.status)


def test_the_very_bytes_come_back_and_nothing_is_pickled(stores: Stores, model: str) -> None:
    record = candidate(stores, model, skops=b"skops")
    assert stores.runs.load_candidate(record.run_id, record.onnx_sha256) == small_model()
    root = stores.installation.data / "objects" / "mlflow"
    names = {path.name for path in root.rglob("*") if path.is_file()}
    assert {"model.onnx", "model.skops", "MLmodel", "input_example.json"} <= names
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]


def test_everything_about_it_is_in_its_run(stores: Stores, parent: str, model: str) -> None:
    record = candidate(
        stores,
        model,
        parent_run_id=parent,
        params={"learning_rate": 0.06},
        metrics={"validation_roc_auc": 0.7},
        tags={"version of flights/features[2013-01]": "abc", "partition": ""},
        documents={"reference.json": {"ünï": [1, None]}},
    )
    run = mlflow.MlflowClient(stores.mlflow.tracking_uri).get_run(record.run_id)
    assert run.data.params == {"learning_rate": "0.06"}
    assert run.data.metrics == {"validation_roc_auc": 0.7}
    assert run.data.tags["mlflow.parentRunId"] == parent
    assert run.data.tags["version of flights/features_2013-01_"] == "abc"
    assert status_of(stores, record.run_id) == "FINISHED"
    info = mlflow.models.get_model_info(record.model_uri)
    assert info.signature.inputs.input_names() == ["distance", "carrier"]


def test_a_run_whose_body_fails_is_failed_and_its_parent_goes_on(stores: Stores, parent: str) -> None:
    def fail() -> None:
        with stores.runs.candidate_run(run_name="x", parent_run_id=parent) as run_id:
            opened.append(run_id)
            raise RuntimeError("out of memory")

    opened: list[str] = []
    with pytest.raises(RuntimeError, match="out of memory"):
        fail()
    assert status_of(stores, opened[0]) == "FAILED"
    assert status_of(stores, parent) == "RUNNING"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_metric_that_mlflow_would_store_as_another_number_is_refused(
    stores: Stores, model: str, number: float
) -> None:
    with pytest.raises(ModelError, match="not finite cannot be stored: roc_auc"):
        candidate(stores, model, metrics={"roc_auc": number})


@pytest.mark.parametrize("name", ["../x.json", "a/b.json", "x.pkl", "x%2e.json", ""])
def test_a_document_name_that_could_be_a_path_is_refused(stores: Stores, model: str, name: str) -> None:
    with pytest.raises(ModelError, match="document name"):
        candidate(stores, model, documents={name: {}})


def test_an_evaluation_is_added_to_the_ended_run(stores: Stores, model: str) -> None:
    record = candidate(stores, model)
    estimate = {"value": 0.7, "low": 0.65, "high": 0.75, "n_rows": 100}
    stores.runs.log_evaluation(record.run_id, {"baseline": {"candidate": {"roc_auc": estimate}}})
    run = mlflow.MlflowClient(stores.mlflow.tracking_uri).get_run(record.run_id)
    assert run.data.metrics == {"test_roc_auc": 0.7, "test_roc_auc_low": 0.65, "test_roc_auc_high": 0.75}
    assert status_of(stores, record.run_id) == "FINISHED"


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_the_parent_gets_the_status_of_dagster_and_is_no_longer_active(
    stores: Stores, parent: str, status: Any
) -> None:
    assert (parent, "dagster-1") in stores.runs.open_parents()
    stores.runs.finish_parent(parent, status)
    assert status_of(stores, parent) == status
    assert parent not in dict(stores.runs.open_parents())
    assert mlflow.active_run() is None
    mlflow.end_run("FINISHED")  # what dagster-mlflow and MLflow's exit handler still do
    assert status_of(stores, parent) == status


def test_a_nested_run_left_open_by_a_kill_is_closed_with_its_parent(stores: Stores, parent: str) -> None:
    client = mlflow.MlflowClient(stores.mlflow.tracking_uri)
    experiment = client.get_run(parent).info.experiment_id
    nested = client.create_run(experiment, tags={"mlflow.parentRunId": parent}).info.run_id
    stores.runs.finish_parent(parent, "KILLED")
    assert status_of(stores, nested) == "KILLED"


def test_a_nested_run_is_not_taken_for_its_parent(stores: Stores, parent: str, model: str) -> None:
    candidate(stores, model)
    assert parent in stores.runs.find_parents("dagster-1")
    assert all(found[1] == "dagster-1" for found in stores.runs.open_parents())
    with pytest.raises(ValueError, match="must not carry the tag"):
        candidate(stores, model, tags={PARENT_TAG: "dagster-1"})


def test_a_run_without_a_model_is_named(stores: Stores, parent: str) -> None:
    with pytest.raises(ModelError, match=f"MLflow run {parent} holds no model"):
        stores.runs.load_candidate(parent, "a" * 64)
