"""Servers of `ml-platform dev` run together, answer and end together."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ml_platform.cli import servers as module
from ml_platform.cli.servers import Running, Server, together, wait_for_any, wait_until_ready
from ml_platform.errors import PlatformError
from ml_platform_tests.e2e.processes import HOST, free_port, wait_for

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)"
WITH_A_CHILD = """
import signal, subprocess
signal.signal(signal.SIGINT, signal.SIG_IGN)  # its child inherits that
print(subprocess.Popen(["sleep", "60"]).pid)
"""
BROKEN = "print('one'); print('no such database'); raise SystemExit(3)"

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def _signals_stay() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 1.0)


def server(folder: Path, code: str, port: int = 0) -> Server:
    return Server(
        "some server", [sys.executable, "-uc", code], f"http://{HOST}:{port}", "/", folder / "logs" / "some.log"
    )


def web_server(folder: Path) -> Server:
    port = free_port()
    return server(folder, f"from http.server import test, SimpleHTTPRequestHandler as H; test(H, port={port})", port)


def test_they_are_ready_when_all_of_them_answer_and_what_they_print_is_in_their_logs(tmp_path: Path) -> None:
    web = web_server(tmp_path)
    with together([web], os.environ) as running:
        assert not running[0].answers()
        wait_until_ready(running)
        assert running[0].answers()
    assert "Serving HTTP" in web.log.read_text()


def test_a_server_that_says_that_it_is_not_ready_is_waited_for(tmp_path: Path) -> None:
    answers = iter([False, False, True])
    web = replace(web_server(tmp_path), is_ready=lambda page: b"Directory listing" in page and next(answers))
    with together([web], os.environ) as running:
        wait_until_ready(running)
    assert list(answers) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_them(tmp_path: Path, number: int) -> None:
    with together([server(tmp_path, SLEEP), server(tmp_path, DEAF)], os.environ) as running:
        os.kill(os.getpid(), number)
    assert None not in [one.process.returncode for one in running]


def test_what_a_server_has_started_ends_with_it(tmp_path: Path) -> None:
    parent = server(tmp_path, WITH_A_CHILD)
    with together([parent], os.environ) as running:
        running[0].process.wait()
        assert running[0].signal(0)  # its child is left
    child = int(parent.log.read_text())
    wait_for("the end of the child", lambda: has_ended(child) or None, seconds=10)


def has_ended(process: int) -> bool:
    """Return whether a process is gone, or a zombie: nobody may reap it here."""
    file = Path(f"/proc/{process}/stat")
    return not file.exists() or file.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("wait", [wait_until_ready, wait_for_any])
def test_when_one_ends_by_itself_the_others_end_too_and_its_last_words_are_shown(
    tmp_path: Path, wait: Callable[[Sequence[Running]], None]
) -> None:
    with (
        pytest.raises(PlatformError, match=r"(?s)ended by itself with exit code 3\. .*some\.log.*\n  no such database"),
        together([server(tmp_path, SLEEP), server(tmp_path, BROKEN)], os.environ) as running,
    ):
        wait(running)
    assert None not in [one.process.returncode for one in running]
