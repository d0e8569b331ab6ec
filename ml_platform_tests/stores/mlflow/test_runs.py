"""Against a real MLflow on SQLite: what comes back is what was stored."""

from typing import Any

import mlflow
import pytest

from ml_platform.errors import ModelError
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


def test_everything_about_it_is_in_the_open_run_which_stays_open(stores: Stores, opened: str, model: str) -> None:
    record = candidate(
        stores,
        model,
        run_id=opened,
        params={"learning_rate": 0.06},
        metrics={"validation_roc_auc": 0.7},
        tags={"version of flights/features[2013-01]": "abc", "partition": ""},
        documents={"reference.json": {"ünï": [1, None]}},
    )
    assert record.run_id == opened
    run = stores.mlflow.client.get_run(opened)
    assert run.data.params == {"learning_rate": "0.06"}
    assert run.data.metrics == {"validation_roc_auc": 0.7}
    assert run.data.tags["version of flights/features_2013-01_"] == "abc"
    assert run.info.status == "RUNNING"
    assert mlflow.active_run() is None, "the next run of this process would be logged into it"
    info = mlflow.models.get_model_info(record.model_uri)
    assert info.signature.inputs.input_names() == ["distance", "carrier"]


def test_without_a_run_it_gets_one_in_the_experiment_of_its_model(stores: Stores, model: str) -> None:
    run = stores.mlflow.client.get_run(candidate(stores, model, run_name="2013-03 ridge").run_id)
    experiment = stores.mlflow.client.get_experiment(run.info.experiment_id)
    assert (experiment.name, run.info.run_name, run.info.status) == (model, "2013-03 ridge", "FINISHED")


def test_what_fails_while_it_is_stored_fails_the_run_and_leaves_an_open_one_open(
    stores: Stores, opened: str, model: str
) -> None:
    with pytest.raises(ModelError):
        candidate(stores, model, metrics={"roc_auc": float("nan")})
    assert [run.info.status for run in stores.mlflow.search_runs("attributes.status = 'FAILED'")] == ["FAILED"]
    with pytest.raises(ModelError):
        candidate(stores, model, run_id=opened, metrics={"roc_auc": float("nan")})
    assert status_of(stores, opened) == "RUNNING"
    assert mlflow.active_run() is None


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
    evaluation = {"baseline": {"candidate": {"roc_auc": estimate}, "other": {}}, "champion": None}
    stores.runs.log_evaluation(record.run_id, evaluation, {"ROC curve": b"png"})
    run = stores.mlflow.client.get_run(record.run_id)
    assert run.data.metrics["test_roc_auc"] == 0.7
    assert run.info.status == "FINISHED"
    assert stores.runs.files(record.run_id).keys() >= {"evaluation.json", "roc_curve.png"}
    assert stores.runs.files(record.run_id) == stores.runs.recorded_files(record.run_id)


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_an_open_run_gets_the_status_of_dagster(stores: Stores, opened: str, model: str, status: Any) -> None:
    assert (opened, f"of {model}") in stores.runs.open_runs()
    assert opened in stores.runs.of_dagster_run(f"of {model}")
    stores.runs.finish(opened, status)
    assert status_of(stores, opened) == status
    assert opened not in dict(stores.runs.open_runs())


def test_a_run_whose_candidate_was_decided_on_has_finished_whatever_ends_dagsters_run(
    stores: Stores, opened: str
) -> None:
    stores.runs.finish(opened, "FAILED")  # the evaluation failed; another Dagster run makes it and the decision
    stores.runs.log_decision(opened, "rejected", ["beats_baseline FAILED: 0.5"])
    assert status_of(stores, opened) == "FINISHED"
    stores.runs.finish(opened, "FAILED")
    run = stores.mlflow.client.get_run(opened)
    assert run.info.status == "FINISHED"
    assert run.data.tags["decision"] == "rejected"
    assert run.data.tags["decision_reason"] == "beats_baseline FAILED: 0.5"


def test_a_run_without_a_model_is_named(stores: Stores, opened: str) -> None:
    with pytest.raises(ModelError, match=f"MLflow run {opened} holds no model"):
        stores.runs.load_candidate(opened, "a" * 64)
