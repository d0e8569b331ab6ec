"""The code location: every model under ``defs/``, and what they share."""

from pathlib import Path

import dagster as dg

from ml_platform.orchestration.automation.mlflow_status import mlflow_status_sensor
from ml_platform.orchestration.loading import garbage_left_alone


@dg.definitions
def defs() -> dg.Definitions:
    """Load the models, and the sensor and executor that they share."""
    with garbage_left_alone():
        return dg.Definitions.merge(
            dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
            dg.Definitions(
                sensors=[mlflow_status_sensor],
                executor=dg.in_process_executor,
            ),
        )
