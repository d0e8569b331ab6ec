"""Executing a run so that Ctrl-C and SIGTERM stop it in seconds, whatever it is doing."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import copy_context

import dagster as dg

from ml_platform.errors import Interrupted
from ml_platform.orchestration.automation.mlflow_status import close_run
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

POLL_SECONDS = 0.5
MLFLOW_SECONDS = 3.0
"""How long a run that was stopped may take to tell MLflow."""

Listener = Callable[[dg.EventLogEntry], None]
Execute = Callable[[], dg.JobExecutionResult]


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, where signals are heard: in the main thread.

    Raises
    ------
    Interrupted
        After one of them, when nothing was under way.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted("no run was under way.") from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_stoppable(
    instance: dg.DagsterInstance, run_id: str, execute: Execute, listeners: Sequence[Listener] = ()
) -> dg.JobExecutionResult:
    """Execute a run in a thread of its own, while this one listens to signals.

    Each event of the run is told to the `listeners`, in that thread.

    Dagster listens to signals between two steps only, and not at all while it waits for a slot.

    Raises
    ------
    Interrupted
        After Ctrl-C or SIGTERM. The run is marked as cancelled; its thread goes on, so the process has to end.
    """
    future: Future[dg.JobExecutionResult] = Future()
    for listener in listeners:
        instance.add_event_listener(run_id, listener)
    try:
        if instance.is_ephemeral:  # its database in memory belongs to this thread
            _execute(execute, future)
        else:
            threading.Thread(target=copy_context().run, args=(_execute, execute, future), daemon=True).start()
        _wait(future)
    except KeyboardInterrupt:
        _cancel(instance, run_id)
        raise Interrupted(f"run {run_id} is marked as cancelled.") from None
    return future.result()


def _execute(execute: Execute, future: Future[dg.JobExecutionResult]) -> None:
    try:
        future.set_result(execute())
    except BaseException as error:  # raised again where it is waited for
        future.set_exception(error)


def _wait(future: Future[dg.JobExecutionResult]) -> None:
    """Wait for a run; signals are heard between two waits."""
    while not future.done():
        with suppress(TimeoutError):
            future.exception(POLL_SECONDS)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _cancel(instance: dg.DagsterInstance, run_id: str) -> None:
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return
    instance.report_run_canceled(run, "Stopped by Ctrl-C or SIGTERM.")
    if instance.event_log_storage.supports_global_concurrency_limits:
        instance.event_log_storage.free_concurrency_slots_for_run(run_id)
    if "mlflow" not in sys.modules:  # nothing has been told to it
        return
    stores = Stores(Installation.from_environment())
    telling = threading.Thread(target=close_run, args=(instance, stores, run_id), daemon=True)
    telling.start()
    telling.join(MLFLOW_SECONDS)
