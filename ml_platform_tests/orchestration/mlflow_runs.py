"""What MLflow says of the runs of an installation."""

from __future__ import annotations

from ml_platform_tests.place import Place


def status(place: Place, dagster_run_id: str) -> str:
    (parent,) = place.stores.runs.find_parents(dagster_run_id)
    return str(place.stores.mlflow.client.get_run(parent).info.status)


def nested_statuses(place: Place, dagster_run_id: str) -> list[str]:
    """Return the statuses of the runs inside the parent."""
    (parent,) = place.stores.runs.find_parents(dagster_run_id)
    nested = place.stores.mlflow.search_runs(f"tags.mlflow.parentRunId = '{parent}'")
    return [run.info.status for run in nested]
