"""A Dagster run that trains is one MLflow run, with the status that Dagster's run really has."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from ml_platform.orchestration.resources import MlflowParent, mlflow, stores
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA, TRACKING
from ml_platform_tests.orchestration.mlflow_runs import nested_statuses, status
from ml_platform_tests.place import Place

EVALUATION = "ml_platform.pipeline.evaluation.load_training_rows"
JOB = "to_champion"


def test_the_stores_are_those_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, str(tmp_path / "elsewhere"))
    assert stores(dg.build_init_resource_context()).installation.data == tmp_path / "elsewhere"


def test_a_run_that_logs_nothing_opens_nothing_in_mlflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MlflowParent, "_open", lambda _: pytest.fail("opened"))
    monkeypatch.setenv(DATA, str(tmp_path))
    with dg.build_resources({"stores": stores, "mlflow": mlflow}) as resources:
        assert isinstance(resources.mlflow, MlflowParent)
    assert not (tmp_path / "mlflow").exists()


def test_a_successful_run_is_one_finished_parent_with_one_finished_run_inside(quick: Place) -> None:
    good = quick.run(JOB, "2013-01")
    assert good.success
    assert status(quick, good.run_id) == "FINISHED"
    assert nested_statuses(quick, good.run_id) == ["FINISHED"]
    again = quick.run(JOB, "2013-01")
    assert again.success, "the same candidate on the same data is the champion, and stays it"
    assert quick.stores.runs.find_parents(again.run_id) == [], "nothing was trained, nothing is logged"
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
    assert nested_statuses(quick, run_id) == ["FINISHED"]


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
