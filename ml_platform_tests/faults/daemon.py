"""Dagster's daemon on the project: the arrivals sensor looks for new files, and the queue's runs are executed.

What the daemon launches would be a process of a code server; here the daemon executes it itself.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import PropertyMock, patch

import dagster as dg
from dagster._core.instance import DagsterInstance
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import InProcessTestWorkspaceLoadTarget, create_test_daemon_workspace_context
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._daemon import sensor
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon

from ml_platform.orchestration.automation.arrivals_sensor import ARRIVAL_TAG
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform_tests.faults.project import MODEL

SENSOR = f"{MODEL}_arrivals_sensor"
LOCATION = f"""\
import dagster as dg
from ml_platform.cli.project import Project

@dg.definitions
def defs():
    return Project.here().definitions("{MODEL}")
"""


def look(killed_at: str | None = None) -> None:
    """Let the sensor look once, as the daemon does; the process is killed when it comes to a point of Dagster's."""
    with _daemon() as context:
        (location,) = context.create_request_context().code_locations
        (repository,) = location.get_repositories().values()
        context.instance.start_sensor(repository.get_sensor(SENSOR))
        flags = {SENSOR: {killed_at: signal.SIGKILL}} if killed_at else None
        with patch.object(sensor, "is_under_min_interval", return_value=False):  # half a minute has passed
            list(sensor.execute_sensor_iteration(context, logging.getLogger("test"), None, None, None, flags))


def come_back() -> None:
    """Let the sensor look two times, and execute the queue.

    Raises
    ------
    AssertionError
        When there was not one run for the file, which succeeded.
    """
    look()
    look()
    with _daemon() as context:
        list(QueuedRunCoordinatorDaemon(interval_seconds=1).run_iteration(context))
        runs = [run for run in context.instance.get_runs() if ARRIVAL_TAG in run.tags]
        assert [run.status for run in runs] == [dg.DagsterRunStatus.SUCCESS], runs


@contextmanager
def _daemon() -> Iterator[WorkspaceProcessContext]:
    file = Path("location.py").absolute()
    file.write_text(LOCATION)
    ensure_dagster_home()
    target = LoadableTargetOrigin(
        executable_path=sys.executable, python_file=str(file), working_directory=str(Path.cwd())
    )
    with DagsterInstance.get() as instance:
        launcher = SyncInMemoryRunLauncher()
        launcher.register_instance(instance)
        load_target = InProcessTestWorkspaceLoadTarget(InProcessCodeLocationOrigin(target))
        with (
            patch.object(DagsterInstance, "run_launcher", new_callable=PropertyMock, return_value=launcher),
            create_test_daemon_workspace_context(load_target, instance) as context,
        ):
            yield context
