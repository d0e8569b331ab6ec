"""Nobody waits for a run whose process was killed, and a run that is stopped says so within ten seconds."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.execution import run_launcher
from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME, SETTINGS
from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, end_dead_runs, is_gone, this_process
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform.orchestration.execution.run_launcher import UNREACHABLE_SECONDS, WatchedRunLauncher
from ml_platform_tests.e2e.processes import running, wait_for

SECONDS = "ML_PLATFORM_TEST_SECONDS"


@dg.asset(pool="training")
def slow() -> None:
    print("training", flush=True)
    time.sleep(float(os.environ[SECONDS]))


DEFINITIONS = dg.Definitions(assets=[slow], jobs=[dg.define_asset_job("slow_train", [slow])])
TRAIN = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from unittest.mock import patch
import click, dagster as dg
from ml_platform.cli import main
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform_tests.orchestration.execution.test_dead_runs import DEFINITIONS

@click.command()
def train():
    with dg.DagsterInstance.get() as instance:
        run_job(DEFINITIONS, instance, "slow_train", partition=None, on_wait=lambda what: print(what, flush=True))

with patch.object(main, "cli", train):
    main.main()
"""


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster.yaml").write_text(SETTINGS)
    monkeypatch.setenv(DAGSTER_HOME, str(tmp_path))
    monkeypatch.setenv(SECONDS, "0")
    with dg.DagsterInstance.get() as instance:
        yield instance


@contextmanager
def training(seconds: float, *, says: str = "training") -> Iterator[subprocess.Popen[str]]:
    """Run the job in a process of its own, which has begun."""
    command = [sys.executable, "-W", "ignore", "-c", TRAIN]
    environment = {**os.environ, SECONDS: str(seconds)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert says in process.stdout.readline()
            yield process
        finally:
            process.kill()


def newest(instance: dg.DagsterInstance) -> dg.DagsterRun:
    return instance.get_run_records(limit=1)[0].dagster_run


@pytest.mark.processes
def test_a_killed_run_has_failed_and_the_next_one_does_not_wait_for_it(instance: dg.DagsterInstance) -> None:
    with training(600) as process:
        process.kill()
        process.wait()
        killed = newest(instance)
        assert killed.status == dg.DagsterRunStatus.STARTED
        assert instance.event_log_storage.get_concurrency_info("training").active_run_ids == {killed.run_id}
        waited: list[str] = []
        assert run_job(DEFINITIONS, instance, "slow_train", partition=None, on_wait=waited.append).success
    assert instance.get_run_by_id(killed.run_id).status == dg.DagsterRunStatus.FAILURE
    assert waited == []


@pytest.mark.processes
def test_dagsters_own_daemon_ends_a_killed_run_and_frees_its_slot_within_a_minute(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    log = tmp_path / "daemon.txt"
    daemon = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "--empty-workspace"]
    with log.open("wb") as output, running(daemon, stdout=output, stderr=output), training(600) as process:
        wait_for("the daemon", lambda: "MonitoringDaemon" in log.read_text() or None, seconds=120)
        process.kill()
        process.wait()
        killed = newest(instance).run_id
        pool = instance.event_log_storage

        def is_over() -> bool | None:
            free = pool.get_concurrency_info("training").claimed_slots == []
            return (free and instance.get_run_by_id(killed).status == dg.DagsterRunStatus.FAILURE) or None

        wait_for("the slot to be free", is_over, seconds=60)


@pytest.mark.processes
def test_who_waits_says_for_what_and_goes_on_when_that_is_killed(instance: dg.DagsterInstance) -> None:
    with training(600) as first:
        holder = newest(instance).run_id
        with training(0, says=f"Waiting for training, held by run {holder}: slow_train") as second:
            first.kill()
            first.wait()
            assert second.wait(timeout=60) == 0
    assert instance.get_run_by_id(holder).status == dg.DagsterRunStatus.FAILURE
    assert newest(instance).status == dg.DagsterRunStatus.SUCCESS


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_ends_within_ten_seconds_and_is_cancelled(
    instance: dg.DagsterInstance, number: signal.Signals
) -> None:
    with training(600) as process:
        process.send_signal(number)
        assert process.wait(timeout=10) == 130
        assert process.stderr is not None
        run = newest(instance)
        assert f"stopped: run {run.run_id} is marked as cancelled." in process.stderr.read()
    assert run.status == dg.DagsterRunStatus.CANCELED
    assert instance.event_log_storage.get_concurrency_info("training").claimed_slots == []


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_waits_can_be_stopped(instance: dg.DagsterInstance, number: signal.Signals) -> None:
    with training(600) as holder, training(0, says="Waiting for training") as process:
        process.send_signal(number)
        assert process.wait(timeout=10) == 130
        assert holder.poll() is None
    assert len(instance.get_run_records()) == 1


def test_a_process_is_told_from_others_of_its_number() -> None:
    machine, boot, number, started = this_process().split(" ")
    assert machine == platform.node()
    assert not is_gone(this_process())
    assert is_gone(f"{machine} {boot} {number} 1"), "an earlier process had the same number"
    assert is_gone(f"{machine} another-boot {number} {started}"), "the machine was restarted"
    assert not is_gone(f"elsewhere {boot} {number} 1"), "of another machine nothing is known"


def start_run(instance: dg.DagsterInstance, process: str | None) -> dg.DagsterRun:
    tags = {PROCESS_TAG: process} if process else {}
    job = DEFINITIONS.resolve_job_def("slow_train")
    return instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.STARTED)


def test_runs_of_the_living_and_of_the_unknown_are_left_alone(instance: dg.DagsterInstance) -> None:
    alive, unknown = start_run(instance, this_process()), start_run(instance, None)
    dead = start_run(instance, this_process().rpartition(" ")[0] + " 1")
    assert end_dead_runs(instance) == [dead.run_id]
    statuses = {run.run_id: instance.get_run_by_id(run.run_id).status for run in (alive, unknown, dead)}
    assert list(statuses.values()) == [
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.FAILURE,
    ]


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
