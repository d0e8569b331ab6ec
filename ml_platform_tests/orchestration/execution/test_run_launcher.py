"""The daemon learns from the launcher which runs have died."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.orchestration.execution import run_launcher
from ml_platform.orchestration.execution.dead_runs import this_process
from ml_platform.orchestration.execution.run_launcher import UNREACHABLE_SECONDS, WatchedRunLauncher
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


def test_a_run_that_its_code_server_does_not_execute_is_dead(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher, run = WatchedRunLauncher(), start_run(instance, None)
    monkeypatch.setattr(launcher, "_get_grpc_client_for_termination", lambda run_id: "client")
    answers: list[set[str] | None] = [{run.run_id}, None, None, set()]
    monkeypatch.setattr(run_launcher, "runs_of_code_server", lambda client: answers.pop(0))
    clock = iter([0.0, 1.0, 2.0, 3.0 + UNREACHABLE_SECONDS])
    monkeypatch.setattr(run_launcher.time, "monotonic", lambda: next(clock))
    health = [launcher.check_run_worker_health(run).status.value for _ in range(4)]
    assert health == ["RUNNING", "RUNNING", "FAILED", "FAILED"]
