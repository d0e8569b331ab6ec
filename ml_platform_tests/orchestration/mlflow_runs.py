"""What MLflow says of the runs of an installation."""

from __future__ import annotations

from typing import Any

from ml_platform_tests.place import Place


def run_of(place: Place, dagster_run_id: str) -> Any:
    """Return the one MLflow run of a Dagster run."""
    (run_id,) = place.stores.runs.of_dagster_run(dagster_run_id)
    return place.stores.mlflow.client.get_run(run_id)


def status(place: Place, dagster_run_id: str) -> str:
    return str(run_of(place, dagster_run_id).info.status)
