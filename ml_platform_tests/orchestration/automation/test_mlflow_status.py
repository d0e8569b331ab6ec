"""MLflow says of a run what Dagster says: finished, failed or killed; and there is one run for each Dagster run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.automation.mlflow_status import close_orphans
from ml_platform.stores.installation import DATA
from ml_platform_tests.orchestration.mlflow_runs import run_of, status
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model

JOB = "to_champion"
QUICK = Path(__file__).parents[2] / "quick.py"
DAGSTER = Path(sys.executable).with_name("dagster")


def test_a_run_whose_candidate_is_rejected_has_finished(quick: Place) -> None:
    quick.definitions = quick_definitions(quick_model(margin=0.9))
    rejected = quick.run(JOB, "2013-01")
    assert rejected.success
    run = run_of(quick, rejected.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.tags["decision"] == "rejected"
    assert "beats_baseline FAILED: roc_auc " in run.data.tags["decision_reason"]
    assert "- beats_baseline FAILED: roc_auc " in run.data.tags["mlflow.note.content"]


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
def test_a_run_of_the_command_line_that_fails_late_has_failed(quick: Place, tmp_path: Path, job: str) -> None:
    """Without a baseline the candidate's step succeeds and the evaluation's fails, in a process of its own or not."""
    assert quick.run("training_set_alone", "2013-01").success
    record = execute(quick, job, tmp_path / "dagster")
    run_id = record.dagster_run.run_id
    assert status(quick, run_id) == "FAILED"


def test_a_run_that_a_crash_left_open_is_closed_with_the_status_of_its_dagster_run(quick: Place) -> None:
    place, connection = quick, quick.stores.mlflow
    connection.open()
    connection.use_for_this_process()
    import mlflow

    run = place.instance.create_run_for_job(
        place.definitions.resolve_job_def("flights_train"), status=dg.DagsterRunStatus.FAILURE
    )
    mlflow.set_experiment("flights")
    with mlflow.start_run(tags={"dagster_run_id": run.run_id}) as crashed:
        pass
    mlflow.MlflowClient().update_run(crashed.info.run_id, status="RUNNING")
    assert close_orphans(place.instance, place.stores) == [crashed.info.run_id]
    assert status(place, run.run_id) == "FAILED"
    assert close_orphans(place.instance, place.stores) == []
