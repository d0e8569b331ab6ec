"""Dagster's own launcher of runs, which can tell whether a run's process still lives."""

import time
from typing import Any

import dagster as dg

from ml_platform.orchestration.dagster_private import CheckRunHealthResult, WorkerStatus, runs_of_code_server
from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, is_gone, local_process

UNREACHABLE_SECONDS = 30.0
"""After this long without an answer, a code server is gone with its runs."""


class WatchedRunLauncher(dg.DefaultRunLauncher):
    """Launches runs as Dagster does; the daemon's run monitoring learns from it which of them have died."""

    def __init__(self, inst_data: Any = None) -> None:
        super().__init__(inst_data)
        self._silent_since: dict[str, float] = {}
        self._processes: dict[str, str] = {}

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Whether `check_run_worker_health` can be asked: without it, a dead run stays started for hours."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return whether the process of a run lives; when nothing is known of it, it does."""
        process = run.tags.get(PROCESS_TAG)
        gone = is_gone(process) if process else self._is_gone_from_its_server(run.run_id)
        if gone:
            return CheckRunHealthResult(WorkerStatus.FAILED, "The process of this run has ended without saying how.")
        return CheckRunHealthResult(WorkerStatus.RUNNING)

    def _is_gone_from_its_server(self, run_id: str) -> bool:
        client = self._get_grpc_client_for_termination(run_id)  # type: ignore[no-untyped-call]
        if client is None:
            return False
        try:
            runs = runs_of_code_server(client)
        except ConnectionError:
            since = self._silent_since.setdefault(run_id, time.monotonic())
            return time.monotonic() - since > UNREACHABLE_SECONDS
        self._silent_since.pop(run_id, None)
        if runs is None:
            return client.socket is not None and self._is_gone_from_this_machine(run_id)
        return run_id not in runs

    def _is_gone_from_this_machine(self, run_id: str) -> bool:
        """Return whether the process has ended that has told of itself in the run's log, if one has.

        A code server that is reached by a socket is on this machine, and so are the runs that it has started.
        """
        if run_id not in self._processes:
            number = self._told_process(run_id)
            if number is None:
                return False
            self._processes[run_id] = local_process(number)
        return is_gone(self._processes[run_id])

    def _told_process(self, run_id: str) -> int | None:
        events = self._instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        data = (event.get_dagster_event().engine_event_data.metadata for event in events)
        return next((int(str(one["pid"].value)) for one in data if "pid" in one), None)
