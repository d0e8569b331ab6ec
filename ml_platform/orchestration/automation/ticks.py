"""What a tick of a sensor says: in Dagster's list of ticks, in the tick's log, and on the runs that it asks for."""

from collections.abc import Sequence

import dagster as dg

from ml_platform.errors import GaveUp
from ml_platform.retraining.retries import FailedRun

REASON_TAG = "ml_platform/reason"
"""On every run that a sensor or schedule asked for: why."""


def skip(context: dg.SensorEvaluationContext, reason: str, cursor: str | None = None) -> dg.SensorResult:
    """Return a tick that asks for nothing; the reason stands in the list of ticks and in the tick's log."""
    context.log.info(reason)
    return dg.SensorResult(skip_reason=reason, cursor=cursor)


def ask(context: dg.SensorEvaluationContext, request: dg.RunRequest) -> dg.SensorResult:
    """Return a tick that asks for a run, on whose tags the reason stands: Dagster shows no reason of such a tick."""
    context.log.info(f"Requests {request.partition_key or 'a run'}: {request.tags[REASON_TAG]}")
    return dg.SensorResult(run_requests=[request], cursor=context.cursor)


def give_up(context: dg.SensorEvaluationContext, reason: str, failed: Sequence[FailedRun]) -> dg.SensorResult:
    """Fail the first tick after the last attempt, so that the sensor is red; the later ones skip for the same reason.

    Raises
    ------
    GaveUp
        In the first tick.
    """
    context.log.error(reason)
    ticked = context.last_tick_completion_time
    if ticked is None or max(run.ended_at for run in failed).timestamp() >= ticked:
        raise GaveUp(reason)
    return dg.SensorResult(skip_reason=reason, cursor=context.cursor)
