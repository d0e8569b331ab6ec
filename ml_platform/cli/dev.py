"""``ml-platform dev``: Dagster's UI, MLflow's UI and the reports, on loopback, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from ml_platform.cli.project import Project
from ml_platform.errors import PlatformError
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.stores.installation import DAGSTER_UI, DATA, MLFLOW_UI, REPORTS_URL, STORE, TRACKING, Installation
from ml_platform.stores.stores import Stores

HOST = "127.0.0.1"
STOP_SECONDS = 20


@click.command()
@click.option("--port", default=3000, show_default=True, help="Port of Dagster's UI.")
@click.option("--mlflow-port", default=5000, show_default=True)
@click.option("--reports-port", default=3001, show_default=True)
def dev(port: int, mlflow_port: int, reports_port: int) -> None:
    """Open Dagster's UI beside MLflow's, both on loopback only."""
    ensure_dagster_home()
    home = Installation.from_environment()
    Stores(home).mlflow.open()
    for taken in (port, mlflow_port, reports_port):
        validate_free(taken)
    environment = {
        **os.environ,
        DATA: str(home.data),
        STORE: home.store_url,  # MLflow's server reads its artifacts there
        TRACKING: home.tracking_uri,
        MLFLOW_UI: f"http://{HOST}:{mlflow_port}",
        REPORTS_URL: f"http://{HOST}:{reports_port}",
        DAGSTER_UI: f"http://{HOST}:{port}",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # its background jobs judge language models
    }
    for server, its_port in (("Dagster", port), ("MLflow", mlflow_port), ("reports", reports_port)):
        click.echo(f"{server:8} http://{HOST}:{its_port}")
    click.echo("Ctrl-C stops all three.")
    with together(commands(home, Project.here(), port, mlflow_port, reports_port), environment) as processes:
        wait_for_any(processes)


def commands(
    installation: Installation, project: Project, port: int, mlflow_port: int, reports_port: int
) -> list[list[str]]:
    """Return the command line of each server."""
    workspace = project.root / "workspace.yaml"
    dagster = ["dagster", "dev", "-w", str(workspace)] if workspace.exists() else ["dg", "dev"]
    mlflow = ["mlflow", "server", "--backend-store-uri", installation.tracking_uri, "--workers", "1"]
    servers = ((dagster, port), (mlflow, mlflow_port), (["ml-platform", "reports"], reports_port))
    binaries = Path(sys.executable).parent
    return [[str(binaries / words[0]), *words[1:], "--host", HOST, "--port", str(at)] for words, at in servers]


def validate_free(port: int) -> None:
    """Raise when something already listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PlatformError(f"port {port} is taken; choose another: ml-platform dev --help") from error


@contextmanager
def together(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str]
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start the servers, each in a process group of its own, and stop all of them at the end, however it comes."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's & makes its children ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, env=dict(environment), start_new_session=True))
        yield processes
    except KeyboardInterrupt:
        click.echo("\nStopping.")
    finally:
        stop(processes)


def wait_for_any(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Return when one of the servers has ended; the others are of little use without it."""
    while not (ended := [process for process in processes if process.poll() is not None]):
        time.sleep(0.5)
    raise PlatformError(f"{ended[0].args!r} ended by itself with exit code {ended[0].returncode}")


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask every process group to end; after `STOP_SECONDS`, end it."""
    for process in processes:
        _signal_group(process, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
