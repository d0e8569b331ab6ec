"""A run whose process was killed has failed, and nobody waits for it."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, end_dead_runs, is_gone, this_process
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform_tests.e2e.processes import running, wait_for
from ml_platform_tests.orchestration.execution.slow import DEFINITIONS, newest, start_run, training


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


def test_a_process_is_told_from_others_of_its_number() -> None:
    machine, boot, number, started = this_process().split(" ")
    assert machine == platform.node()
    assert not is_gone(this_process())
    assert is_gone(f"{machine} {boot} {number} 1"), "an earlier process had the same number"
    assert is_gone(f"{machine} another-boot {number} {started}"), "the machine was restarted"
    assert not is_gone(f"elsewhere {boot} {number} 1"), "of another machine nothing is known"


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


def test_a_run_that_was_killed_before_it_began_has_failed(instance: dg.DagsterInstance) -> None:
    tags = {PROCESS_TAG: this_process().rpartition(" ")[0] + " 1"}
    run = instance.create_run_for_job(DEFINITIONS.resolve_job_def("slow_train"), tags=tags)
    assert run.status == dg.DagsterRunStatus.NOT_STARTED
    assert end_dead_runs(instance) == [run.run_id]
