"""README's "Your own model in ten minutes" is typed as it stands, from the CSV to the drift report in the browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from ml_platform_tests.e2e.processes import HOST, free_port, wait_for
from ml_platform_tests.markdown import commands, section

PROJECT = Path(__file__).parents[2]
INSTALL, DEV = "make install fetch", ".venv/bin/ml-platform dev"

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


def test_the_readme_leads_from_a_csv_to_a_drift_report_in_the_ui(clone: Path) -> None:
    typed = commands(section(PROJECT / "README.md", "Your own model in ten minutes"))
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
    for promised in ("same value in every row", "tells 100% of the target", "12 file", "validated successfully"):
        assert promised in " ".join(said.split())
    look(clone, environment)


def look(clone: Path, environment: dict[str, str]) -> None:
    """Open what the README says to open."""
    port, mlflow_port, reports_port = free_port(), free_port(), free_port()
    options = f"--port {port} --mlflow-port {mlflow_port} --reports-port {reports_port}"
    with (clone / "dev.log").open("wb") as log:
        server = subprocess.Popen(
            f"exec {DEV} {options}",
            shell=True,
            cwd=clone,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        report = f"http://{HOST}:{reports_port}/rain/drift/2013-07.html"
        page = wait_for("the drift report", lambda: urlopen(report, timeout=5).read().decode(), seconds=60)
        assert "dewp" in page
        info = f"http://{HOST}:{port}/server_info"
        assert "dagster_version" in wait_for("Dagster", lambda: urlopen(info, timeout=5).read().decode(), seconds=120)
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(60) is not None
