"""What the graph's steps are given: the stores, and the MLflow run that stands for a Dagster run."""

import warnings
from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.automation.mlflow_status import terminal_status
from ml_platform.stores.installation import Installation
from ml_platform.stores.mlflow.entities import EXPERIMENT
from ml_platform.stores.stores import Stores


class MlflowParent:
    """The MLflow run that stands for a Dagster run. It is opened when something is logged, so that each says something.

    Opening it imports MLflow and dagster-mlflow, which takes seconds.
    """

    def __init__(self, context: dg.InitResourceContext) -> None:
        self._context = context
        self._run_id: str | None = None

    def run_id(self) -> str:
        """Return the id of the run; open it at the first call."""
        if self._run_id is None:
            self._run_id = self._open()
        return self._run_id

    def close(self) -> None:
        """Give an opened run the status that Dagster's run really has: dagster-mlflow calls a failed one FINISHED."""
        status = terminal_status(self._context.instance, self._context.run)
        if self._run_id is not None and status is not None:
            self._context.resources.stores.runs.finish_parent(self._run_id, status)

    def _open(self) -> str:
        connection = self._context.resources.stores.mlflow
        connection.open()
        connection.use_for_this_process()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dg.BetaWarning)  # all of dagster-mlflow is marked so,
            warnings.simplefilter("ignore", DeprecationWarning)  # and calls what Dagster has renamed
            from dagster_mlflow.resources import MlFlow

            tracked = MlFlow(self._context)
        run_id: str = tracked.active_run().info.run_id  # its own field is empty when the run is new
        return run_id


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
def mlflow(context: dg.InitResourceContext) -> Iterator[MlflowParent]:
    """Yield the MLflow run of a Dagster run, and close it behind the last step."""
    parent = MlflowParent(context)
    try:
        yield parent
    finally:
        parent.close()
