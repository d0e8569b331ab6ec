"""Closes MLflow runs that a crash left open."""

import dagster as dg

from ml_platform.stores.registry import Status
from ml_platform.stores.stores import Stores

MLFLOW_STATUS: dict[dg.DagsterRunStatus, Status] = {
    dg.DagsterRunStatus.SUCCESS: "FINISHED",
    dg.DagsterRunStatus.FAILURE: "FAILED",
    dg.DagsterRunStatus.CANCELED: "KILLED",
}


@dg.sensor(
    name="mlflow_status_sensor",
    minimum_interval_seconds=300,
    required_resource_keys={"stores"},
    description="Gives an MLflow run that is still open the status of its Dagster run, when that one has ended.",
)
def mlflow_status_sensor(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Launch nothing: MLflow's runs are corrected in place."""
    closed = close_orphans(context.instance, context.resources.stores)
    return dg.SkipReason(
        f"{len(closed)} MLflow runs closed: {', '.join(closed)}" if closed else "No run was left open."
    )


def close_orphans(instance: dg.DagsterInstance, stores: Stores) -> list[str]:
    """Close every open MLflow run whose Dagster run has ended, and return their ids."""
    closed = []
    for mlflow_run_id, dagster_run_id in stores.registry.open_parents():
        run = instance.get_run_by_id(dagster_run_id)
        status: Status | None = "KILLED" if run is None else MLFLOW_STATUS.get(run.status)
        if status is not None:
            stores.registry.finish_parent(mlflow_run_id, status)
            closed.append(mlflow_run_id)
    return closed
