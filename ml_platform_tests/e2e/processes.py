"""Services of docker-compose.yml as processes of this machine, by the commands that the file states."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ml_platform_tests.e2e.compose import command, services

T = TypeVar("T")

HOST = "127.0.0.1"
IMAGE = {"DAGSTER_HOME", "DAGSTER_STORAGE", "ML_PLATFORM_DATA"}
"""Variables that the Dockerfile sets."""

OURS = ("DAGSTER", "MLFLOW", "ML_PLATFORM")
"""How the names of the variables begin that a service gets from docker-compose.yml or not at all."""


class Services:
    """Runs services until its ``stack`` is closed; each sees the variables that it has in its container, no others.

    They run in ``<folder>/app``, which stands for the image's ``/app``.
    """

    def __init__(self, folder: Path, values: Mapping[str, str]) -> None:
        self.folder = folder
        self.values = values
        self.stack = ExitStack()

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables that the image and the service set, with this machine's addresses and folders."""
        names = services()[service]["environment"].keys() | IMAGE
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return inherited | {name: self.values[name] for name in names}

    def start(self, service: str, changes: Mapping[str, str]) -> None:
        log = self.stack.enter_context((self.folder / f"{service}.log").open("wb"))
        self.stack.enter_context(
            running(
                command(service, changes),
                cwd=self.folder / "app",
                env=self.environment(service),
                stdout=log,
                stderr=log,
            )
        )

    def logs(self) -> str:
        """Return the end of each service's log, for the message of a failed test."""
        return "\n".join(f"--- {file.stem}\n{file.read_text()[-3000:]}" for file in sorted(self.folder.glob("*.log")))


@contextmanager
def running(words: list[str], **options: Any) -> Iterator[None]:
    """Run a command in a process group of its own, which is stopped in any case."""
    process = subprocess.Popen(words, start_new_session=True, **options)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # nothing that it holds outlives the test
        process.wait()


def wait_for(what: str, attempt: Callable[[], T | None], *, seconds: float) -> T:
    """Return the attempt's first value that is not None; not being reachable yet counts as None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            value = attempt()
        except OSError:  # URLError is one
            value = None
        if value is not None:
            return value
        time.sleep(0.3)
    raise TimeoutError(f"{what} after {seconds:.0f} s")


def listens(port: int) -> bool:
    """Return True; raises OSError while nothing does."""
    socket.create_connection((HOST, port)).close()
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
