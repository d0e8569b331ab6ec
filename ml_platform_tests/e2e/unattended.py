"""A project with the cheap `flights`, whose sensors and schedule are on beside Dagster's code server and daemon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ml_platform.orchestration.execution.dagster_home import HEAD, SETTINGS
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.cheap_flights import deliver, write_cheap_flights, write_joined_tables
from ml_platform_tests.e2e.processes import HOST, OURS, free_port, listens, wait_for
from ml_platform_tests.small_models import pyproject

LOCATION = """\
import dagster as dg

from ml_platform.cli.project import Project
from ml_platform.orchestration.automation.mlflow_status import mlflow_status_sensor

@dg.definitions
def defs():
    return dg.Definitions.merge(Project.here().definitions("flights"), dg.Definitions(sensors=[mlflow_status_sensor]))
"""

WORKSPACE = """\
load_from:
  - grpc_server: {{host: {host}, port: {port}, location_name: airport}}
"""

QUEUE = """\
run_coordinator:
  module: dagster.core.run_coordinator
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
"""


class Airport:
    """The project, and the daemon that a supervisor keeps alive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "data" / "dagster"
        self.stack = ExitStack()
        self.port = free_port()
        self._write_project()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = {
            **inherited,
            "DAGSTER_HOME": str(self.home),
            "GIT_COMMIT": "tested",
            "ML_PLATFORM_SENSOR_SECONDS": "1",
        }
        self.daemon: subprocess.Popen[bytes] | None = None

    @property
    def stores(self) -> Stores:
        data = self.folder / "data"
        return Stores(Installation(data, f"sqlite:///{data / 'mlflow' / 'mlflow.db'}"))

    def deliver(self, month: str) -> None:
        deliver(self.folder / "data" / "raw", month)

    def start(self) -> None:
        """Start the code server, which outlives the daemon, switch everything on, and start the daemon."""
        server = ["dagster", "api", "grpc", "--host", HOST, "--port", str(self.port), "--python-file", "location.py"]
        self._start("server", [*server, "--location-name", "airport"])
        wait_for("the code server", lambda: listens(self.port), seconds=120)
        for kind in ("sensor", "schedule"):
            command = self._command("dagster", kind, "start", "--start-all", "--workspace", "workspace.yaml")
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        self.start_daemon()

    def start_daemon(self) -> None:
        self.daemon = self._start("daemon", ["dagster-daemon", "run", "--workspace", "workspace.yaml"])

    def kill_daemon(self) -> None:
        assert self.daemon is not None
        self.daemon.kill()
        self.daemon.wait()

    def log(self) -> str:
        """Return the end of the logs, for the message of a failed test."""
        return "\n".join(file.read_text(errors="replace")[-4000:] for file in sorted(self.folder.glob("*.log")))

    def is_compared(self, month: str) -> bool:
        """Return whether a month has a drift report."""
        return self.stores.documents.manifest(ArtifactKey("flights", "drift", month)) is not None

    def report(self, month: str) -> dict[str, Any]:
        return self.stores.documents.read(ArtifactKey("flights", "drift", month))

    def report_version(self, month: str) -> str:
        return self.stores.documents.require(ArtifactKey("flights", "drift", month)).version

    def _write_project(self) -> None:
        write_cheap_flights(self.folder / "airport" / "defs", cooldown_hours=0, retry_delay_minutes=0.05)
        (self.folder / "airport" / "__init__.py").touch()
        (self.folder / "pyproject.toml").write_text(pyproject("airport"))
        (self.folder / "location.py").write_text(LOCATION)
        (self.folder / "workspace.yaml").write_text(WORKSPACE.format(host=HOST, port=self.port))
        write_joined_tables(self.folder / "data" / "raw")
        self.home.mkdir()
        settings = SETTINGS.removeprefix(HEAD).replace("_seconds: 15", "_seconds: 1")
        (self.home / "dagster.yaml").write_text(settings + QUEUE)

    def _start(self, name: str, words: list[str]) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, whose end the stack sees to."""
        log = self.stack.enter_context((self.folder / f"{name}.log").open("ab"))
        process = subprocess.Popen(
            self._command(*words),
            cwd=self.folder,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.stack.callback(_end_group, process)
        return process

    def _command(self, program: str, *words: str) -> list[str]:
        return [str(Path(sys.executable).with_name(program)), *words]


def _end_group(daemon: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(daemon.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        daemon.wait()
