"""A run whose process was killed has failed, and nobody waits for it."""

from __future__ import annotations

import platform

import dagster as dg
import pytest

from ml_platform.orchestration.execution.dead_runs import end_dead_runs, is_gone, this_process
from ml_platform.orchestration.execution.run_job import run_job
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
