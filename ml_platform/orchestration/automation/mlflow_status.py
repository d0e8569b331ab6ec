"""What MLflow says of a Dagster run that has ended: set by the run itself, or by a sensor after a crash."""

import dagster as dg

from ml_platform.orchestration.automation.interval import interval
from ml_platform.orchestration.automation.ticks import skip
from ml_platform.stores.mlflow.entities import Status
from ml_platform.stores.stores import Stores

MLFLOW_STATUS: dict[dg.DagsterRunStatus, Status] = {
    dg.DagsterRunStatus.SUCCESS: "FINISHED",
    dg.DagsterRunStatus.FAILURE: "FAILED",
    dg.DagsterRunStatus.CANCELED: "KILLED",
}

INTERRUPTIONS = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")


@dg.sensor(
    name="mlflow_status_sensor",
    minimum_interval_seconds=interval(300),
    required_resource_keys={"stores"},
    description="Gives an MLflow run that is still open the status of its Dagster run, when that one has ended.",
)
def mlflow_status_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Launch nothing: MLflow's runs are corrected in place."""
    closed = close_orphans(context.instance, context.resources.stores)
    return skip(
        context, f"{len(closed)} MLflow runs closed: {', '.join(closed)}" if closed else "No run was left open."
    )


def close_orphans(instance: dg.DagsterInstance, stores: Stores) -> list[str]:
    """Close every open MLflow run whose Dagster run has ended, and return their ids.

    One whose Dagster run is not of this instance is left alone: an MLflow server may serve several.
    """
    closed = []
    for mlflow_run_id, dagster_run_id in stores.runs.open_runs():
        run = instance.get_run_by_id(dagster_run_id)
        status = None if run is None else MLFLOW_STATUS.get(run.status)
        if status is not None:
            stores.runs.finish(mlflow_run_id, status)
            closed.append(mlflow_run_id)
    return closed


def close_run(instance: dg.DagsterInstance, stores: Stores, run_id: str) -> None:
    """Give the MLflow runs of one Dagster run that has ended its status."""
    run = instance.get_run_by_id(run_id)
    status = None if run is None else MLFLOW_STATUS.get(run.status)
    if status is not None:
        for opened in stores.runs.of_dagster_run(run_id):
            stores.runs.finish(opened, status)


def terminal_status(instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> Status | None:
    """Return what MLflow should say about a Dagster run: FINISHED, FAILED, KILLED, or None while steps are to come.

    With a process per step this is asked again after each step, by `FINISH_WITH_LAST_STEP`.
    """
    if instance is None or run is None:
        return "FINISHED"
    now = instance.get_run_by_id(run.run_id) or run
    if now.status in (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED):
        return "KILLED"
    failures = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    if failures:
        return "KILLED" if any(_interrupted(entry) for entry in failures) else "FAILED"
    return "FINISHED" if _all_steps_ended(instance, now) else None


def _all_steps_ended(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    if run.execution_plan_snapshot_id is None:
        return True
    planned = instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id).step_keys_to_execute
    ended = instance.all_logs(run.run_id, of_type={dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_SKIPPED})
    return set(planned) <= {entry.step_key for entry in ended}


def _interrupted(entry: dg.EventLogEntry) -> bool:
    failure = entry.get_dagster_event().step_failure_data.error
    return failure is not None and failure.cls_name in INTERRUPTIONS


def _finish(context: dg.HookContext) -> None:
    """Close the MLflow run of a Dagster run whose last step has ended, or of which a step has failed.

    Where each step has a process, dagster-mlflow's resource is gone long before that.
    """
    status = terminal_status(context.instance, context.instance.get_run_by_id(context.run_id))
    if status is not None:
        runs = context.resources.stores.runs
        for opened in runs.of_dagster_run(context.run_id):
            runs.finish(opened, status)


FINISH_WITH_LAST_STEP = frozenset(
    hook(name=f"finish_mlflow_run_on_{event}", required_resource_keys={"stores"})(_finish)
    for event, hook in (("success", dg.success_hook), ("failure", dg.failure_hook))
)
"""Hooks of a job whose steps have processes of their own."""
