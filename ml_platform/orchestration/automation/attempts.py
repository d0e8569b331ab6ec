"""The runs that were made for one request: which are under way, and which of them failed, and why."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import dagster as dg

from ml_platform.retraining.retries import FailedRun

IN_FLIGHT = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

FROM_OUTSIDE = "This run has been marked as failed from outside the execution context."
"""What Dagster says at the end of a run whose process died; the event before it says how."""

LONGEST_REASON = 300
"""Characters of an error that a tick repeats; the run has all of them."""


def runs_in_flight(
    instance: dg.DagsterInstance, *, job_name: str | None = None, tags: Mapping[str, str] | None = None
) -> list[dg.DagsterRun]:
    """Return the runs that have not ended, the newest first."""
    return list(instance.get_runs(dg.RunsFilter(job_name=job_name, tags=tags, statuses=IN_FLIGHT)))


def failed_runs(instance: dg.DagsterInstance, records: Sequence[dg.RunRecord]) -> list[FailedRun]:
    """Return those runs that ended as failed or cancelled."""
    ended = [record for record in records if record.dagster_run.is_failure_or_canceled]
    return [FailedRun(record.dagster_run.run_id, _ended_at(record), why_failed(instance, record)) for record in ended]


def why_failed(instance: dg.DagsterInstance, record: dg.RunRecord) -> str:
    """Return why a run failed, in a line: the message of its step, or how it ended where no step says it."""
    run_id = record.dagster_run.run_id
    steps = instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    told = {dg.DagsterEventType.ENGINE_EVENT, dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED}
    messages = [entry.get_dagster_event().message for entry in instance.all_logs(run_id, of_type=told)]
    telling = [message for message in messages if message and message != FROM_OUTSIDE]
    said = f"{steps[0].step_key}: {_message(steps[0])}" if steps else (telling or ["it says no reason"])[-1]
    line = " ".join(said.split())
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _message(entry: dg.EventLogEntry) -> str:
    """Return the message of a failed step: ours for the user, or that of the error behind Dagster's own one."""
    failure = entry.get_dagster_event().step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    error = failure.error
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message if error else "it says no reason"


def _ended_at(record: dg.RunRecord) -> datetime:
    """Return when a run ended; one that never started has no end of its own."""
    return datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.update_timestamp
