"""Who waits for a place in a pool says for what, and can be stopped."""

from __future__ import annotations

import signal

import dagster as dg
import pytest

from ml_platform.orchestration.execution import pools
from ml_platform.orchestration.execution.dead_runs import this_process
from ml_platform.orchestration.execution.pools import wait_for_pools
from ml_platform_tests.orchestration.execution.slow import DEFINITIONS, claim_slot, newest, start_run, training

JOB = DEFINITIONS.resolve_job_def("slow_train")


def test_a_free_pool_is_not_waited_for(instance: dg.DagsterInstance) -> None:
    told: list[str] = []
    wait_for_pools(instance, JOB, told.append)
    assert told == []


def test_a_holder_is_told_once_and_waited_for_until_its_slot_is_free(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = start_run(instance, this_process())
    claim_slot(instance, holder)
    told: list[str] = []
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            instance.event_log_storage.free_concurrency_slots_for_run(holder.run_id)

    monkeypatch.setattr(pools.time, "sleep", sleep)
    wait_for_pools(instance, JOB, told.append)
    assert told == [f"Waiting for training, held by run {holder.run_id}: slow_train"]
    assert slept == [pools.POLL_SECONDS] * 3


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
def test_who_waits_can_be_stopped(instance: dg.DagsterInstance, number: signal.Signals) -> None:
    with training(600) as holder, training(0, says="Waiting for training") as process:
        process.send_signal(number)
        assert process.wait(timeout=10) == 130
        assert holder.poll() is None
    assert len(instance.get_run_records()) == 1
