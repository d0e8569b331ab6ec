"""MLflow says of a run what Dagster says: finished, failed or killed; and there is one parent for each Dagster run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from ml_platform.orchestration.run_status import close_orphans
from ml_platform.stores.home import TRACKING
from ml_platform.stores.slot import Slot
from ml_platform_tests.orchestration.place import Place

EVALUATION = "ml_platform.orchestration.assets.evaluation.load_training_rows"


@pytest.fixture
def installation(ingested_folder: Path, definitions: dg.Definitions, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(ingested_folder, tmp_path / "data")
    with Place.open(tmp_path / "data", definitions) as place:
        yield place


def status(place: Place, dagster_run_id: str) -> str:
    (parent,) = place.stores.registry.find_parents(dagster_run_id)
    return place.stores.registry.status(parent)


def test_success_failure_and_interruption_each_have_their_status(
    installation: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = installation
    good = place.run("flights_train", "2013-01")
    assert good.success
    assert status(place, good.run_id) == "FINISHED"

    with monkeypatch.context() as broken:
        broken.setattr(EVALUATION, lambda *_: 1 / 0)
        failed = place.run("flights_train", "2013-01")
    assert not failed.success
    assert status(place, failed.run_id) == "FAILED"

    def interrupt(*_: object) -> None:
        raise DagsterExecutionInterruptedError

    with monkeypatch.context() as interrupted:
        interrupted.setattr(EVALUATION, interrupt)
        killed = place.run("flights_train", "2013-01")
    assert not killed.success
    assert status(place, killed.run_id) == "KILLED"

    again = place.run("flights_train", "2013-01")
    assert again.success, "the same candidate on the same data is the champion, and stays it"
    assert place.stores.registry.champion("flights").version == "1"  # type: ignore[union-attr]


def test_mlflow_out_of_reach_is_one_message_and_a_rerun_succeeds(
    installation: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = installation
    before = place.stores.tables.require(Slot("flights", "features", "2013-01"))
    monkeypatch.setenv(TRACKING, "http://127.0.0.1:9")
    outcome = place.run("flights_train", "2013-01")
    assert not outcome.success
    assert "http://127.0.0.1:9" in "\n".join(outcome.problems)
    assert place.stores.tables.require(Slot("flights", "features", "2013-01")) == before
    monkeypatch.delenv(TRACKING)
    assert place.run("flights_train", "2013-01").success


def test_a_run_that_a_crash_left_open_is_closed_with_the_status_of_its_dagster_run(installation: Place) -> None:
    place, registry = installation, installation.stores.registry
    registry.open()
    registry.use_for_this_process()
    import mlflow

    run = place.instance.create_run_for_job(
        place.definitions.resolve_job_def("flights_train"), status=dg.DagsterRunStatus.FAILURE
    )
    mlflow.set_experiment("ml_platform")
    with mlflow.start_run(tags={"dagster_run_id": run.run_id}) as crashed:
        pass
    mlflow.MlflowClient().update_run(crashed.info.run_id, status="RUNNING")
    assert close_orphans(place.instance, place.stores) == [crashed.info.run_id]
    assert status(place, run.run_id) == "FAILED"
    assert close_orphans(place.instance, place.stores) == []
