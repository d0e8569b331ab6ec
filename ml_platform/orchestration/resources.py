"""What the graph's steps are given: the stores, and the MLflow runs of a Dagster run."""

import warnings
from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.automation.mlflow_status import terminal_status
from ml_platform.stores.installation import Installation
from ml_platform.stores.mlflow.entities import RUN_NAME
from ml_platform.stores.stores import Stores


class MlflowRuns:
    """dagster-mlflow's run for each model that a Dagster run trains. It is opened when a candidate is to be logged.

    Opening one imports MLflow and dagster-mlflow, which takes seconds.
    """

    def __init__(self, context: dg.InitResourceContext) -> None:
        self._context = context
        self._opened: list[str] = []

    def open(self, model: str, name: str) -> str:
        """Return the id of a model's run, called so, in the model's experiment: the one that there is, or a new one.

        Another process of the Dagster run finds the same.
        """
        stores = self._context.resources.stores
        stores.mlflow.experiment_id(model)  # dagster-mlflow would make it with a local folder for its artifacts
        stores.mlflow.use_for_this_process()
        tags = {**self._context.resource_config["extra_tags"], RUN_NAME: name}
        config = {**self._context.resource_config, "experiment_name": model, "extra_tags": tags}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", dg.BetaWarning)  # all of dagster-mlflow is marked so,
            warnings.simplefilter("ignore", DeprecationWarning)  # and calls what Dagster has renamed
            from dagster_mlflow.resources import MlFlow

            tracked = MlFlow(self._context.replace_config(config))
        run_id: str = tracked.active_run().info.run_id  # its own field is empty when the run is new
        stores.runs.put_aside()  # or the next run of this process would be logged into it
        self._opened.append(run_id)
        return run_id

    def close(self) -> None:
        """Give the opened runs the status that Dagster's run really has: dagster-mlflow calls a failed one FINISHED."""
        status = terminal_status(self._context.instance, self._context.run)
        for run_id in self._opened if status is not None else ():
            self._context.resources.stores.runs.finish(run_id, status)


@dg.resource(description="Every store of this installation, placed by the environment.")
def stores(_context: dg.InitResourceContext) -> Stores:
    """Return the stores of the environment that the step runs in."""
    return Stores(Installation.from_environment())


@dg.resource(
    config_schema={
        "env_to_tag": dg.Field(dg.Noneable([str]), default_value=None, is_required=False),
        "extra_tags": dg.Field(dict, default_value={}),
    },
    required_resource_keys={"stores"},
    description="dagster-mlflow's resource: an MLflow run for each model that a Dagster run trains.",
)
def mlflow(context: dg.InitResourceContext) -> Iterator[MlflowRuns]:
    """Yield what opens the MLflow runs of a Dagster run, and close them behind the last step."""
    runs = MlflowRuns(context)
    try:
        yield runs
    finally:
        runs.close()
