"""What the graph's steps are given: the stores, and the MLflow run that stands for a Dagster run."""

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.automation.mlflow_status import terminal_status
from ml_platform.stores.installation import Installation
from ml_platform.stores.mlflow.entities import EXPERIMENT
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    from dagster_mlflow.resources import MlFlow


@dg.resource(description="Every store of this installation, placed by the environment.")
def stores(_context: dg.InitResourceContext) -> Stores:
    """Return the stores of the environment that the step runs in."""
    return Stores(Installation.from_environment())


@dg.resource(
    config_schema={
        "experiment_name": dg.Field(dg.StringSource, default_value=EXPERIMENT),
        "mlflow_tracking_uri": dg.Field(dg.Noneable(dg.StringSource), default_value=None, is_required=False),
        "parent_run_id": dg.Field(dg.Noneable(str), default_value=None, is_required=False),
        "mlflow_run_id": dg.Field(dg.Noneable(str), default_value=None, is_required=False),
        "env": dg.Field(dict, default_value={}),
        "env_to_tag": dg.Field(dg.Noneable(list), default_value=None, is_required=False),
        "extra_tags": dg.Field(dict, default_value={}),
    },
    required_resource_keys={"stores"},
    description="dagster-mlflow's resource: one MLflow run for each Dagster run that trains.",
)
def mlflow(context: dg.InitResourceContext) -> "Iterator[MlFlow]":
    """Open dagster-mlflow's run, and close it with the status that Dagster's run really has.

    The resource itself assets a failed run FINISHED in every launch path. Importing it takes seconds, hence here.
    """
    connection = context.resources.stores.mlflow
    connection.open()
    connection.use_for_this_process()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # all of dagster-mlflow is marked so,
        warnings.simplefilter("ignore", DeprecationWarning)  # and calls what Dagster has renamed
        from dagster_mlflow.resources import MlFlow

        tracked = MlFlow(context)
    tracked.mlflow_run_id = tracked.active_run().info.run_id  # it assets its own id empty when the run is new
    try:
        yield tracked
    finally:
        status = terminal_status(context.instance, context.run)
        if status is not None:
            context.resources.stores.runs.finish_parent(tracked.mlflow_run_id, status)
