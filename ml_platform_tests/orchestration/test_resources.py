"""A Dagster run that trains a model is one MLflow run, with the status that Dagster's run really has."""

from contextlib import suppress
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from ml_platform.orchestration.resources import MlflowRuns, mlflow, stores
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA, TRACKING
from ml_platform_tests.orchestration.mlflow_runs import run_of, status
from ml_platform_tests.place import Place

EVALUATION = "ml_platform.pipeline.evaluation.load_training_rows"
JOB = "to_champion"


def test_the_stores_are_those_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "elsewhere"))
    assert stores(dg.build_init_resource_context()).installation.data == tmp_path / "elsewhere"


def test_a_run_that_logs_nothing_opens_nothing_in_mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MlflowRuns, "open", lambda *_: pytest.fail("opened"))
    monkeypatch.setenv(DATA, str(tmp_path))
    with dg.build_resources({"stores": stores, "mlflow": mlflow}) as resources:
        assert isinstance(resources.mlflow, MlflowRuns)
    assert not (tmp_path / "mlflow").exists()


def test_a_successful_run_is_one_finished_run_of_its_models_experiment(quick: Place) -> None:
    good = quick.run(JOB, "2013-01")
    assert good.success
    run = run_of(quick, good.run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name.startswith("2013-01 ")
    assert run.info.run_name.split()[1] == run.data.params["estimator"]
    assert quick.stores.mlflow.client.get_experiment(run.info.experiment_id).name == "flights"
    assert run.data.tags["decision"] == "promoted"
    shown = {name for name in run.data.metrics if "/" not in name and "roc_auc" in name}
    assert shown == {"validation_roc_auc", "test_roc_auc", "baseline_test_roc_auc"}
    assert {"roc_curve.png", "calibration.png"} <= quick.stores.runs.files(run.info.run_id).keys()
    version = quick.stores.mlflow.client.get_model_version("flights", "1")
    assert version.description.startswith("**Promoted**\n\n- beats_baseline passed: roc_auc ")
    assert version.tags["decision"] == "promoted"
    again = quick.run(JOB, "2013-01")
    assert again.success, "the same candidate on the same data is the champion, and stays it"
    assert quick.stores.runs.of_dagster_run(again.run_id) == [], "nothing was trained, nothing is logged"
    assert quick.stores.registry.champion("flights").version == "1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("error", "ends"),
    [(ZeroDivisionError, "FAILED"), (DagsterExecutionInterruptedError, "KILLED"), (KeyboardInterrupt, "KILLED")],
)
def test_a_run_that_ends_early_says_so_and_its_trained_model_is_kept(
    quick: Place, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], ends: str
) -> None:
    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr(EVALUATION, stop)
    with suppress(KeyboardInterrupt):
        assert not quick.run(JOB, "2013-01").success
    (record,) = quick.instance.get_run_records(limit=1)
    run_id = record.dagster_run.run_id
    assert status(quick, run_id) == ends
    monkeypatch.undo()
    assert quick.run(JOB, "2013-01").success, "the stored candidate is evaluated and decided on"
    assert status(quick, run_id) == "FINISHED"


def test_mlflow_out_of_reach_is_one_message_and_a_rerun_succeeds(quick: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place = quick
    before = place.stores.tables.require(ArtifactKey("flights", "features", "2013-01"))
    monkeypatch.setenv(TRACKING, "http://127.0.0.1:9")
    outcome = place.run(JOB, "2013-01")
    assert not outcome.success
    assert "http://127.0.0.1:9" in "\n".join(outcome.problems)
    assert place.stores.tables.require(ArtifactKey("flights", "features", "2013-01")) == before
    monkeypatch.delenv(TRACKING)
    assert place.run(JOB, "2013-01").success


def test_each_model_of_a_run_has_a_run_in_its_own_experiment_which_every_step_finds_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA, str(tmp_path))
    opened: dict[str, set[str]] = {"flights": set(), "rain": set()}

    @dg.op(required_resource_keys={"mlflow"})
    def train(context: dg.OpExecutionContext) -> None:
        for model in ("flights", "rain", "flights"):
            opened[model].add(context.resources.mlflow.open(model, f"2013-01 {model}"))

    @dg.job(resource_defs={"stores": stores, "mlflow": mlflow})
    def materialize_all() -> None:
        train.alias("first")()
        train.alias("second")()

    assert materialize_all.execute_in_process().success
    made = stores(dg.build_init_resource_context())
    runs = {model: made.mlflow.client.get_run(next(iter(ids))) for model, ids in opened.items() if len(ids) == 1}
    assert {model: run.info.run_name for model, run in runs.items()} == {
        "flights": "2013-01 flights",
        "rain": "2013-01 rain",
    }
    assert {run.info.status for run in runs.values()} == {"FINISHED"}
    assert {run.info.experiment_id for run in runs.values()} == {made.mlflow.experiment_id(model) for model in runs}
    assert made.runs.open_runs() == []
