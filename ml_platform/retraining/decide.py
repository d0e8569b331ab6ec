"""Whether to retrain, and why, in the sentence that the sensor's tick shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ml_platform.retraining.settings import RetrainingPolicy

SHOWN_COLUMNS = 5


@dataclass(frozen=True)
class RetrainDecision:
    """Whether to retrain now."""

    retrain: bool
    waiting: bool
    """Whether the report triggers a retrain that cannot start yet; the sensor decides on it again."""
    reason: str


def decide_retrain(
    *,
    policy: RetrainingPolicy,
    drift: Mapping[str, Any],
    now: datetime,
    last_retrain_started_at: datetime | None,
    in_flight: Sequence[str],
) -> RetrainDecision:
    """Return whether a drift report triggers a retrain under the policy.

    Parameters
    ----------
    drift
        The report's document: ``metric``, ``columns`` with ``column``, ``value`` and ``level``, and ``partition``.
    now, last_retrain_started_at
        With time zones; without one, a ValueError.
    in_flight
        Training runs that have not ended.
    """
    for moment in (now, last_retrain_started_at):
        if moment is not None and moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
    where = f"Drift on {drift['partition']}" if drift.get("partition") else "Drift"
    critical = [column for column in drift["columns"] if column["level"] == "critical"]
    if not critical:
        return RetrainDecision(False, False, f"{where} {_not_critical(drift['columns'])}.")
    found = f"{where} is critical in {_named(critical, drift['metric'])}"
    if in_flight:
        return RetrainDecision(False, True, f"{found}; waiting for training run {in_flight[0]}, which is in flight.")
    if last_retrain_started_at is not None:
        # In UTC: hours added to a local time are hours on the wall clock, which is changed twice a year.
        cool = last_retrain_started_at.astimezone(UTC) + timedelta(hours=policy.cooldown_hours)
        if now < cool:
            return RetrainDecision(False, True, f"{found}; cooling down until {cool.isoformat(timespec='minutes')}.")
    return RetrainDecision(True, False, f"{found}: retrain.")


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
