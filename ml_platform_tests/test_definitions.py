"""The code location: both models, nothing that runs unasked, and nothing heavy imported to load it."""

from __future__ import annotations

import subprocess
import sys

import dagster as dg
import pytest


def test_nothing_runs_unasked(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    sensors, schedules = repository.sensor_defs, repository.schedule_defs
    of_models = {f"{model}_{kind}_sensor" for model in ("flights", "employment") for kind in ("drift", "arrivals")}
    assert {s.name for s in sensors} == of_models | {"mlflow_status_sensor"}
    assert {s.name for s in schedules} == {"flights_retrain_schedule", "employment_retrain_schedule"}
    assert all(s.default_status == dg.DefaultSensorStatus.STOPPED for s in sensors)
    assert all(s.default_status == dg.DefaultScheduleStatus.STOPPED for s in schedules)


LOOK = """
import sys
from ml_platform.definitions import defs
defs().get_repository_def().get_all_jobs()
heavy = (
    "great_expectations", "evidently", "shap", "mlflow", "sklearn", "dagster_mlflow", "onnxruntime", "scipy",
    "pandas", "polars")
print(",".join(name for name in heavy if name in sys.modules))
"""
LOOK_SPEC = "import sys; import ml_platform.spec, ml_platform.stores.stores; print('dagster' in sys.modules)"


@pytest.mark.processes
@pytest.mark.parametrize(("code", "said"), [(LOOK, ""), (LOOK_SPEC, "False")])
def test_loading_is_light(code: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
