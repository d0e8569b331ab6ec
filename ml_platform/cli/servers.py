"""Servers that run together: they start quietly, answer, and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from ml_platform.errors import PlatformError

STOP_SECONDS = 7.0
"""How long servers may take to end when they are asked to."""

POLL_SECONDS = 0.3
ANSWER_SECONDS = 2.0
DIRECT = build_opener(ProxyHandler({}))
"""Asks this machine itself, also where the environment names a proxy."""

LAST_LINES = 15
"""Shown of the log of a server that has ended by itself."""


@dataclass(frozen=True)
class Server:
    """A server before it is started."""

    name: str
    command: Sequence[str]
    address: str
    health: str
    """Path at which it answers when it is ready."""
    log: Path
    """File that its output goes to; that of the time before is replaced."""
    is_ready: Callable[[bytes], bool] = lambda _: True
    """Whether an answer says that all is ready which belongs to the server."""


@dataclass(frozen=True)
class Running:
    """A server that was started, in a process group of its own."""

    server: Server
    process: subprocess.Popen[bytes]

    def require_alive(self) -> None:
        """Raise, with the last lines of its log, when the server has ended by itself."""
        if (code := self.process.poll()) is not None:
            lines = self.server.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
            said = "".join(f"\n  {line}" for line in lines)
            raise PlatformError(
                f"{self.server.name} ended by itself with exit code {code}. The end of {self.server.log}:{said}"
            )

    def answers(self) -> bool:
        """Return whether the server is ready."""
        try:
            with DIRECT.open(self.server.address + self.server.health, timeout=ANSWER_SECONDS) as answer:
                return bool(answer.status == 200) and self.server.is_ready(answer.read())
        except OSError:  # URLError is one, and HTTPError
            return False

    def signal(self, number: signal.Signals | int) -> bool:
        """Send a signal to the server and all that it has started; return whether anything is left of them."""
        self.process.poll()  # or it would be left as a zombie
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):  # macOS denies it for a group of zombies
            return False
        return True


@contextmanager
def together(servers: Sequence[Server], environment: Mapping[str, str]) -> Iterator[list[Running]]:
    """Start the servers, and stop all of them at the end, however it comes: Ctrl-C and SIGTERM are two of the ways."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell's & makes its children ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    running: list[Running] = []
    try:
        for server in servers:
            running.append(_start(server, environment))
        yield running
    except KeyboardInterrupt:
        pass
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):  # whoever presses Ctrl-C twice leaves no server behind
            signal.signal(number, signal.SIG_IGN)
        stop(running)


def wait_until_ready(running: Sequence[Running]) -> None:
    """Return when every server answers.

    Raises
    ------
    PlatformError
        When one has ended by itself.
    """
    waiting = list(running)
    while waiting:
        for one in running:
            one.require_alive()
        waiting = [one for one in waiting if not one.answers()]
        time.sleep(POLL_SECONDS if waiting else 0)


def wait_for_any(running: Sequence[Running]) -> None:
    """Raise a PlatformError when one of the servers has ended: the others are of little use without it."""
    while True:
        for one in running:
            one.require_alive()
        time.sleep(POLL_SECONDS)


def stop(running: Sequence[Running]) -> None:
    """Ask the servers, and all that they have started, to end; after `STOP_SECONDS`, end them."""
    left = [one for one in running if one.signal(signal.SIGINT)]
    deadline = time.monotonic() + STOP_SECONDS
    while left and time.monotonic() < deadline:
        time.sleep(0.1)
        left = [one for one in left if one.signal(0)]
    for one in left:
        one.signal(signal.SIGKILL)
    for one in running:
        one.process.wait()


def _start(server: Server, environment: Mapping[str, str]) -> Running:
    server.log.parent.mkdir(parents=True, exist_ok=True)
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            server.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(server, process)
