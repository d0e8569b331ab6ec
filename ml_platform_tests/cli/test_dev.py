"""The three servers of `ml-platform dev` run together and end together."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_platform.cli.dev import HOST, commands, together, validate_free, wait_for_any
from ml_platform.cli.project import Project
from ml_platform.errors import PlatformError
from ml_platform.stores.installation import Installation

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_each_server_is_told_its_port_and_where_the_stores_are(tmp_path: Path) -> None:
    installation = Installation(tmp_path, "sqlite:///mlflow.db")
    dagster, mlflow, reports = commands(installation, Project(tmp_path, tmp_path / "defs"), 1, 2, 3)
    assert [Path(words[0]).name for words in (dagster, mlflow, reports)] == ["dg", "mlflow", "ml-platform"]
    assert [words[words.index("--port") + 1] for words in (dagster, mlflow, reports)] == ["1", "2", "3"]
    assert all(words[words.index("--host") + 1] == HOST for words in (dagster, mlflow, reports))
    assert "sqlite:///mlflow.db" in mlflow
    assert all(Path(words[0]).exists() for words in (dagster, mlflow, reports))


def test_a_taken_port_is_one_message() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PlatformError, match=f"port {port} is taken"):
            validate_free(port)


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_them(number: int) -> None:
    with together([SLEEP, SLEEP], os.environ) as processes:
        os.kill(os.getpid(), number)
    assert None not in [process.returncode for process in processes]


@pytest.mark.processes
def test_when_one_ends_by_itself_the_others_end_too() -> None:
    with (
        pytest.raises(PlatformError, match="ended by itself with exit code 3"),
        together([SLEEP, [sys.executable, "-c", "raise SystemExit(3)"]], os.environ) as processes,
    ):
        wait_for_any(processes)
    assert None not in [process.returncode for process in processes]
