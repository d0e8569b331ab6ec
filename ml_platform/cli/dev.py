"""``ml-platform dev``: Dagster's UI, MLflow's UI and the reports, on loopback, until Ctrl-C."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import click

from ml_platform.cli.project import Project
from ml_platform.cli.servers import Server, together, wait_for_any, wait_until_ready
from ml_platform.errors import PlatformError
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.stores.installation import DATA, STORE, TRACKING, Installation
from ml_platform.stores.stores import Stores

HOST = "127.0.0.1"
PORT = click.IntRange(1, 65535)

DAEMONS = "/graphql?" + urlencode(
    {"query": "{ instance { daemonHealth { allDaemonStatuses { required lastHeartbeatTime } } } }"}
)
"""Path at which Dagster's UI answers when the daemon's parts have last said that they run."""


@click.command()
@click.option("--port", default=3000, show_default=True, type=PORT, help="Port of Dagster's UI.")
@click.option("--mlflow-port", default=5000, show_default=True, type=PORT, help="Port of MLflow's UI.")
@click.option("--reports-port", default=3001, show_default=True, type=PORT, help="Port of the reports.")
def dev(port: int, mlflow_port: int, reports_port: int) -> None:
    """Open Dagster's UI, MLflow's UI and the reports, all three on loopback, until Ctrl-C."""
    for option, taken in (("port", port), ("mlflow-port", mlflow_port), ("reports-port", reports_port)):
        validate_free(f"ml-platform dev --{option}", taken)
    ensure_dagster_home()
    home = replace(
        Installation.from_environment(),
        dagster_ui=f"http://{HOST}:{port}",
        mlflow_ui=f"http://{HOST}:{mlflow_port}",
        reports_url=f"http://{HOST}:{reports_port}",
    )
    Stores(home).mlflow.open()
    home.record_addresses()
    environment = {
        **os.environ,
        DATA: str(home.data),
        STORE: home.store_url,  # MLflow's server reads its artifacts there
        TRACKING: home.tracking_uri,
        **home.addresses,
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # its background jobs judge language models
    }
    servers = servers_of(home, Project.here())
    click.echo(f"Starting Dagster, MLflow and the reports. Their logs: {os.path.relpath(servers[0].log.parent)}")
    with together(servers, environment) as running:
        wait_until_ready(running)
        click.echo("ready; Ctrl-C stops all three")
        for server in servers:
            click.echo(f"  {server.name:8} {server.address}")
        wait_for_any(running)
    click.echo("stopped")


def servers_of(home: Installation, project: Project) -> list[Server]:
    """Return the three servers of an installation, at its addresses."""
    workspace = project.root / "workspace.yaml"
    dagster = ["dagster", "dev", "-w", str(workspace)] if workspace.exists() else ["dg", "dev"]
    mlflow = ["mlflow", "server", "--backend-store-uri", home.tracking_uri, "--workers", "1"]
    return [
        replace(
            _server("Dagster", dagster, home.dagster_ui, DAEMONS, home),
            is_ready=partial(daemons_run, since=time.time()),
        ),
        _server("MLflow", mlflow, home.mlflow_ui, "/health", home),
        _server("reports", ["ml-platform", "reports"], home.reports_url, "/", home),
    ]


def daemons_run(answer: bytes, *, since: float) -> bool:
    """Return whether each required part of Dagster's daemon has run since a time, in seconds of the clock.

    Dagster calls a part healthy for half an hour after its last word, also when it was stopped since.
    """
    statuses = json.loads(answer)["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
    return all((one["lastHeartbeatTime"] or 0) >= since for one in statuses if one["required"])


def _server(name: str, words: list[str], address: str, health: str, home: Installation) -> Server:
    binary = str(Path(sys.executable).parent / words[0])
    command = [binary, *words[1:], "--host", HOST, "--port", address.rpartition(":")[2]]
    return Server(name, command, address, health, home.logs / "dev" / f"{name.lower()}.log")


def validate_free(option: str, port: int) -> None:
    """Raise when something already listens on a port; the option is as it is typed, with its command."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PlatformError(f"Port {port} is taken. Choose another one: {option} {port + 10}") from error
