"""README's "Your own model in twelve minutes" is done as it stands, to the retrain that drift triggers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from ml_platform.orchestration.automation.drift_sensor import RETRAIN_TAG
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.e2e.graphql import RUNS, START_SENSOR, ask
from ml_platform_tests.e2e.processes import HOST, free_port, wait_for
from ml_platform_tests.markdown import commands, section

PROJECT = Path(__file__).parents[2]
INSTALL, DEV = "make install fetch", ".venv/bin/ml-platform dev"
SENSOR = "rain_drift_sensor"
MOST_LINES = 10
"""That `dev` prints; what its servers print is in their logs."""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(1200)]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone holds after its first command, which makes the environment that this test runs in."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "ml_platform", tmp_path / "ml_platform", ignore=ignored)
    for file in ("pyproject.toml", "workspace.yaml"):
        shutil.copy(PROJECT / file, tmp_path / file)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    (tmp_path / "data" / "raw").mkdir(parents=True)
    shutil.copy(PROJECT / "data" / "raw" / "weather.parquet", tmp_path / "data" / "raw")
    return tmp_path


def test_the_readme_leads_from_a_csv_to_a_retrain_that_nobody_started(clone: Path) -> None:
    text = section(PROJECT / "README.md", "Your own model in twelve minutes")
    typed = commands(text)
    assert (typed[0], typed[-1]) == (INSTALL, DEV)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DAGSTER", "ML_PLATFORM", "MLFLOW"))}
    environment = {**inherited, "PYTHONPATH": str(clone)}
    said = ""
    for command in typed[1:-1]:
        done = subprocess.run(
            command, shell=True, cwd=clone, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        said += done.stdout
    for promised in (
        "same value in every row",
        "tells 100% of the target",
        "6 file",
        "validated successfully",
        "2,228 new",
        "2,228 corrected",
    ):
        assert promised in " ".join(said.split())
    ports = free_port(), free_port(), free_port()
    with dev(clone, environment, *ports) as log:
        wait_for("dev to be ready", lambda: "ready" in log.read_text() or None, seconds=180)
        port, _, reports_port = ports
        with urlopen(f"http://{HOST}:{reports_port}/rain/drift/2013-07.html", timeout=10) as report:
            assert "dewp" in report.read().decode()
        assert f"Switch on `{SENSOR}`" in text
        switch_on(port)
        run = wait_for("the end of the retrain", lambda: ended_retrain(port), seconds=420)
        assert run["status"] == "SUCCESS", run
        origins = [one["repositoryOrigin"] for one in ask(port, RUNS)["runsOrError"]["results"]]
        assert origins == [{"repositoryName": "__repository__", "repositoryLocationName": "ml_platform"}] * len(origins)
    assert log.read_text().splitlines()[-1] == "stopped"
    assert len(log.read_text().splitlines()) < MOST_LINES
    stores = Stores(Installation(clone / "data", f"sqlite:///{clone}/data/mlflow/mlflow.db"))
    (decided,) = [one.action for one in stores.ledger("rain").entries() if one.dagster_run_id == run["runId"]][-1:]
    assert decided in ("promoted", "rejected")


@contextmanager
def dev(clone: Path, environment: dict[str, str], port: int, mlflow_port: int, reports_port: int) -> Iterator[Path]:
    """Run `dev` on these ports, yield the file of what it prints, and press Ctrl-C."""
    options = f"--port {port} --mlflow-port {mlflow_port} --reports-port {reports_port}"
    log = clone / "dev.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            f"exec {DEV} {options}",
            shell=True,
            cwd=clone,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield log
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(60) == 0


def switch_on(port: int) -> None:
    """Switch the sensor on, as the UI does."""
    started = ask(port, START_SENSOR, name=SENSOR)["startSensor"]
    assert started == {"sensorState": {"status": "RUNNING"}}


def ended_retrain(port: int) -> dict[str, Any] | None:
    """Return the run that the sensor asked for, when it has ended."""
    runs = ask(port, RUNS)["runsOrError"]["results"]
    asked = [run for run in runs if {"key": RETRAIN_TAG, "value": "drift"} in run["tags"]]
    assert len(asked) <= 1, asked
    return next((run for run in asked if run["status"] in ("SUCCESS", "FAILURE", "CANCELED")), None)
