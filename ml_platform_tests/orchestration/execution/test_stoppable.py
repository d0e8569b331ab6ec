"""Ctrl-C and SIGTERM end a run within ten seconds, whatever it is doing, and the run is marked."""

from __future__ import annotations

import os
import signal
import threading
import time

import dagster as dg
import pytest

from ml_platform.errors import Interrupted
from ml_platform.orchestration.execution.dead_runs import this_process
from ml_platform.orchestration.execution.stoppable import run_stoppable, stopped_by_signals
from ml_platform_tests.orchestration.execution.slow import claim_slot, newest, start_run, training

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(5)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_before_the_run_is_told_and_the_handlers_of_before_come_back(number: signal.Signals) -> None:
    before = [signal.getsignal(one) for one in SIGNALS]
    with pytest.raises(Interrupted, match="no run was under way"), stopped_by_signals():
        stop(number)
    assert [signal.getsignal(one) for one in SIGNALS] == before


def test_outside_of_the_main_thread_no_signal_is_touched() -> None:
    before, inside = signal.getsignal(signal.SIGTERM), []

    def enter() -> None:
        with stopped_by_signals():
            inside.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert inside == [before]


def test_an_error_of_the_thread_that_executes_is_raised_where_it_is_waited_for(instance: dg.DagsterInstance) -> None:
    def fail() -> dg.JobExecutionResult:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_stoppable(instance, "run", fail)


def test_a_run_that_is_interrupted_is_cancelled_and_frees_its_slot(instance: dg.DagsterInstance) -> None:
    run, ended = start_run(instance, this_process()), threading.Event()
    claim_slot(instance, run)

    def wait_for_ever() -> dg.JobExecutionResult:
        os.kill(os.getpid(), signal.SIGTERM)
        ended.wait(30)
        raise AssertionError("nobody waits for this")

    with pytest.raises(Interrupted, match=f"run {run.run_id} is marked as cancelled"), stopped_by_signals():
        run_stoppable(instance, run.run_id, wait_for_ever)
    ended.set()
    assert newest(instance).status == dg.DagsterRunStatus.CANCELED
    assert instance.event_log_storage.get_concurrency_info("training").claimed_slots == []


@pytest.mark.processes
@pytest.mark.parametrize("number", SIGNALS)
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
