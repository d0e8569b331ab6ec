"""Whether to retrain, and why, in the sentence that the sensor's tick shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from ml_platform.retraining.retries import FailedRun, decide_attempt
from ml_platform.retraining.settings import RetrainingPolicy

SHOWN_COLUMNS = 5


@dataclass(frozen=True)
class RetrainDecision:
    """What a drift report triggers now."""

    action: Literal["nothing", "retrain", "wait", "give_up"]
    """With ``wait``, the report triggers a retrain that cannot start yet, and is decided on again."""
    reason: str


def decide_retrain(
    *,
    policy: RetrainingPolicy,
    drift: Mapping[str, Any],
    now: datetime,
    last_decided_retrain_started_at: datetime | None,
    in_flight: Sequence[str],
    failed: Sequence[FailedRun] = (),
) -> RetrainDecision:
    """Return what a drift report that no run has answered yet triggers under the policy.

    Parameters
    ----------
    drift
        The report's document: ``metric``, ``columns`` with ``column``, ``value`` and ``level``, and ``partition``.
    now, last_decided_retrain_started_at
        With time zones; without one, a ValueError. Only a retrain that came to a decision starts the cool-down.
    in_flight
        Training runs that have not ended.
    failed
        The runs for this report that ended without a decision.
    """
    for moment in (now, last_decided_retrain_started_at):
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
    where = f"Drift on {drift['partition']}" if drift.get("partition") else "Drift"
    critical = [column for column in drift["columns"] if column["level"] == "critical"]
    if not critical:
        return RetrainDecision("nothing", f"{where} {_not_critical(drift['columns'])}.")
    found = f"{where} is critical in {_named(critical, drift['metric'])}"
    if in_flight:
        return RetrainDecision("wait", f"{found}; waiting for training run {in_flight[0]}, which is in flight.")
    attempt = decide_attempt(policy, failed, now)
    if attempt.action == "give_up":
        return RetrainDecision("give_up", f"{found}; {attempt.reason}.")
    if last_decided_retrain_started_at is not None:
        # In UTC: hours added to a local time are hours on the wall clock, which is changed twice a year.
        cool = last_decided_retrain_started_at.astimezone(UTC) + timedelta(hours=policy.cooldown_hours)
        if now < cool:
            return RetrainDecision("wait", f"{found}; cooling down until {cool.isoformat(timespec='minutes')}.")
    if attempt.action == "wait":
        return RetrainDecision("wait", f"{found}; {attempt.reason}.")
    return RetrainDecision("retrain", f"{found}: retrain{f'; {attempt.reason}' if attempt.reason else ''}.")


def _not_critical(columns: Sequence[Mapping[str, Any]]) -> str:
    """Say why nothing is triggered: a partition with too few rows is not one without drift."""
    if any(column["level"] == "too_few_rows" for column in columns):
        return "cannot be judged: too few rows"
    return "is not critical in any column"


def _named(critical: Sequence[Mapping[str, Any]], metric: str) -> str:
    size = "PSI" if metric == "population_stability_index" else metric.replace("_", " ")
    largest = sorted(critical, key=lambda column: (-column["value"], column["column"]))
    named = ", ".join(f"{column['column']} ({size} {column['value']:.2f})" for column in largest[:SHOWN_COLUMNS])
    more = len(largest) - SHOWN_COLUMNS
    return f"{named} and {more} more" if more > 0 else named
