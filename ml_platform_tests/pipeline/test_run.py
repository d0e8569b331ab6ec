"""The steps of the loop run without Dagster."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop

MODULES = sorted(file.stem for file in (Path(__file__).parents[2] / "ml_platform" / "pipeline").glob("[a-z]*.py"))
LOOK = "import sys, {}; print('dagster' in sys.modules)"


@pytest.mark.processes
def test_no_step_imports_dagster() -> None:
    code = LOOK.format(", ".join(f"ml_platform.pipeline.{module}" for module in MODULES))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_a_step_stores_names_its_run(loop: Loop) -> None:
    for asset in ("training_set", "features", "predictions"):
        assert loop.stores.tables.require(ArtifactKey("tumours", asset)).run_id == "by hand"
    for asset in ("candidate", "evaluation", "decision", "champion", "drift"):
        assert loop.stores.documents.require(ArtifactKey("tumours", asset)).run_id == "by hand"


def test_outside_of_a_run_mlflow_has_no_run_of_the_run_and_times_have_a_zone() -> None:
    run = RunContext()
    assert run.run_id == ""
    assert run.mlflow_run("flights", "2013-01 ridge") is None
    assert run.now().tzinfo is not None
