"""Other processes of MLflow's tests: a Python that is killed, and MLflow's own server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ml_platform.errors import RegistryUnavailable
from ml_platform.stores.mlflow.connection import Connection

PREAMBLE = """
import os, signal, sys
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.registry import Registry
connection = Connection(sys.argv[1])
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another Python with the same code."""
    command = [sys.executable, "-W", "ignore", "-c", PREAMBLE + textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@contextmanager
def server(folder: Path, database: str | None = None) -> Iterator[str]:
    """A real MLflow server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = database or f"sqlite:///{folder / 'server.db'}"
    store = ["--backend-store-uri", database, "--artifacts-destination", str(folder / "a")]
    command = [sys.executable, "-W", "ignore", "-m", "mlflow", "server", *store, "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # its job runners take long to start
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=folder, env=environment, **quiet)
    try:
        uri = f"http://127.0.0.1:{port}"
        wait_for(uri)
        yield uri
    finally:
        process.terminate()
        process.wait(30)


def wait_for(uri: str, attempts: int = 240) -> None:
    for attempt in range(attempts):
        try:
            Connection(uri).open()
        except RegistryUnavailable:
            if attempt == attempts - 1:
                raise
            time.sleep(0.5)
        else:
            return
