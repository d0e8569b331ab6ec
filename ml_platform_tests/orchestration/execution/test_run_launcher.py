"""The daemon learns from the launcher which runs have died."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._grpc.client import DagsterGrpcClient

from ml_platform.orchestration.dagster_private import runs_of_code_server
from ml_platform.orchestration.execution import run_launcher
from ml_platform.orchestration.execution.dead_runs import this_process
from ml_platform.orchestration.execution.run_launcher import UNREACHABLE_SECONDS, WatchedRunLauncher
from ml_platform_tests.e2e.processes import running, wait_for
from ml_platform_tests.orchestration.execution.slow import start_run


def test_the_daemon_learns_of_dead_runs_and_frees_their_slots(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = instance.run_launcher
    assert isinstance(launcher, WatchedRunLauncher)
    settings = instance.run_monitoring_settings
    assert settings["poll_interval_seconds"] + settings["free_slots_after_run_end_seconds"] < 60

    def health(process: str | None) -> str:
        return launcher.check_run_worker_health(start_run(instance, process)).status.value

    assert health(this_process()) == "RUNNING"
    assert health(this_process().rpartition(" ")[0] + " 1") == "FAILED"
    assert health(None) == "RUNNING", "of a run that no code server has launched nothing is known"


class Client:
    """Stands for the way to a code server."""

    def __init__(self, socket: str | None = None) -> None:
        self.socket = socket


def answers(monkeypatch: pytest.MonkeyPatch, launcher: WatchedRunLauncher, client: Client, *given: object) -> None:
    """Let the code server of every run give these answers, one after the other."""
    left = list(given)

    def answer(_client: Client) -> object:
        if isinstance(one := left.pop(0), Exception):
            raise one
        return one

    monkeypatch.setattr(launcher, "_get_grpc_client_for_termination", lambda _run_id: client)
    monkeypatch.setattr(run_launcher, "runs_of_code_server", answer)


def test_a_run_that_its_code_server_does_not_execute_is_dead(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher, run = WatchedRunLauncher(), start_run(instance, None)
    silent = ConnectionError("no answer")
    answers(monkeypatch, launcher, Client(), {run.run_id}, silent, silent, set())
    clock = iter([0.0, 1.0, 2.0, 3.0 + UNREACHABLE_SECONDS])
    monkeypatch.setattr(run_launcher.time, "monotonic", lambda: next(clock))
    health = [launcher.check_run_worker_health(run).status.value for _ in range(4)]
    assert health == ["RUNNING", "RUNNING", "FAILED", "FAILED"]


def test_where_the_code_server_does_not_say_the_process_that_the_run_told_of_decides(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`dagster dev` puts a server in between that knows of no run: a long run was taken for dead."""
    launcher = instance.run_launcher
    assert isinstance(launcher, WatchedRunLauncher)
    run = start_run(instance, None)
    answers(monkeypatch, launcher, Client("/tmp/a.sock"), *[None] * 4)

    def health() -> str:
        return launcher.check_run_worker_health(run).status.value

    assert health() == "RUNNING", "its process has not told of itself yet"
    with subprocess.Popen(["sleep", "60"]) as process:
        data = EngineEventData.in_process(process.pid)
        instance.report_engine_event("Started process for run", run, data)
        assert [health(), health()] == ["RUNNING", "RUNNING"]
        process.kill()
    assert health() == "FAILED"


def test_of_a_process_on_another_machine_nothing_is_known(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher, run = WatchedRunLauncher(), start_run(instance, None)
    answers(monkeypatch, launcher, Client(), None)
    assert launcher.check_run_worker_health(run).status.value == "RUNNING"


@pytest.mark.processes
def test_the_code_server_of_dagster_dev_does_not_say_which_runs_it_executes(tmp_path: Path) -> None:
    file, socket = tmp_path / "location.py", str(tmp_path / "s")
    file.write_text("import dagster as dg\ndefs = dg.Definitions()\n")
    client = DagsterGrpcClient(socket=socket)
    with pytest.raises(ConnectionError):
        runs_of_code_server(client)
    words = [
        str(Path(sys.executable).with_name("dagster")),
        "code-server",
        "start",
        "-f",
        str(file),
        "--socket",
        socket,
    ]
    with running(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_for("the code server", lambda: Path(socket).exists() or None, seconds=60)
        wait_for("its answer", lambda: runs_of_code_server(client) is None or None, seconds=60)
