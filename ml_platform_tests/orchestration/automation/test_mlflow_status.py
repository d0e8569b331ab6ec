"""MLflow says of a run what Dagster says: finished, failed or killed; and there is one parent for each Dagster run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from ml_platform.orchestration.automation.mlflow_status import close_orphans
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA, TRACKING
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model

EVALUATION = "ml_platform.pipeline.evaluation.load_training_rows"
JOB = "to_champion"
QUICK = Path(__file__).parents[2] / "quick.py"
DAGSTER = Path(sys.executable).with_name("dagster")


@pytest.fixture
def installation(ingested_folder: Path, tmp_path: Path) -> Iterator[Place]:
    shutil.copytree(ingested_folder, tmp_path / "data")
    with Place.open(tmp_path / "data", quick_definitions(quick_model())) as place:
        yield place


def status(place: Place, dagster_run_id: str) -> str:
    (parent,) = place.stores.runs.find_parents(dagster_run_id)
    return str(place.stores.mlflow.client.get_run(parent).info.status)


def nested_statuses(place: Place, dagster_run_id: str) -> list[str]:
    """Return the statuses of the runs inside the parent."""
    (parent,) = place.stores.runs.find_parents(dagster_run_id)
    nested = place.stores.mlflow.search_runs(f"tags.mlflow.parentRunId = '{parent}'")
    return [run.info.status for run in nested]


def test_a_successful_run_is_one_finished_parent_with_one_finished_run_inside(installation: Place) -> None:
    good = installation.run(JOB, "2013-01")
    assert good.success
    assert status(installation, good.run_id) == "FINISHED"
    assert nested_statuses(installation, good.run_id) == ["FINISHED"]
    again = installation.run(JOB, "2013-01")
    assert again.success, "the same candidate on the same data is the champion, and stays it"
    assert installation.stores.runs.find_parents(again.run_id) == [], "nothing was trained, nothing is logged"
    assert installation.stores.registry.champion("flights").version == "1"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("error", "ends"),
    [(ZeroDivisionError, "FAILED"), (DagsterExecutionInterruptedError, "KILLED"), (KeyboardInterrupt, "KILLED")],
)
def test_a_run_that_ends_early_says_so_and_its_trained_model_is_kept(
    installation: Place, monkeypatch: pytest.MonkeyPatch, error: type[BaseException], ends: str
) -> None:
    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr(EVALUATION, stop)
    with suppress(KeyboardInterrupt):
        assert not installation.run(JOB, "2013-01").success
    (record,) = installation.instance.get_run_records(limit=1)
    run_id = record.dagster_run.run_id
    assert status(installation, run_id) == ends
    assert nested_statuses(installation, run_id) == ["FINISHED"]


def test_a_run_whose_candidate_a_gate_refuses_has_failed_and_nobody_is_champion(installation: Place) -> None:
    installation.definitions = quick_definitions(quick_model(margin=0.9))
    rejected = installation.run(JOB, "2013-01")
    assert not rejected.success
    assert "gate_beats_baseline" in "\n".join(rejected.problems)
    assert status(installation, rejected.run_id) == "FAILED"
    assert installation.stores.registry.champion("flights") is None


def execute(place: Place, job: str, home: Path) -> dg.RunRecord:
    """Run a job with Dagster's own command, in processes of its own; return the run."""
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    tags = json.dumps({"dagster/partition": "2013-01"})
    command = [DAGSTER, "job", "execute", "-f", QUICK, "-a", "defs", "-j", job, "--tags", tags]
    environment = {**os.environ, DATA: str(place.folder), "DAGSTER_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 1, done.stderr[-3000:]
    with dg.DagsterInstance.from_config(str(home)) as instance:
        (record,) = instance.get_run_records()
    return record


@pytest.mark.processes
@pytest.mark.parametrize("job", ["two_steps", "two_processes"])
def test_a_run_of_the_command_line_that_fails_late_has_failed(installation: Place, tmp_path: Path, job: str) -> None:
    """Without a baseline the candidate's step succeeds and the evaluation's fails, in a process of its own or not."""
    assert installation.run("training_set_alone", "2013-01").success
    record = execute(installation, job, tmp_path / "dagster")
    run_id = record.dagster_run.run_id
    assert nested_statuses(installation, run_id) == ["FINISHED"]
    assert status(installation, run_id) == "FAILED"


def test_mlflow_out_of_reach_is_one_message_and_a_rerun_succeeds(
    installation: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = installation
    before = place.stores.tables.require(ArtifactKey("flights", "features", "2013-01"))
    monkeypatch.setenv(TRACKING, "http://127.0.0.1:9")
    outcome = place.run(JOB, "2013-01")
    assert not outcome.success
    assert "http://127.0.0.1:9" in "\n".join(outcome.problems)
    assert place.stores.tables.require(ArtifactKey("flights", "features", "2013-01")) == before
    monkeypatch.delenv(TRACKING)
    assert place.run(JOB, "2013-01").success


def test_a_run_that_a_crash_left_open_is_closed_with_the_status_of_its_dagster_run(installation: Place) -> None:
    place, connection = installation, installation.stores.mlflow
    connection.open()
    connection.use_for_this_process()
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
