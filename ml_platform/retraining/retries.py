"""Whether a run that failed is tried again, and when: after a delay that doubles, up to a stated number of attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from ml_platform.retraining.settings import RetrainingPolicy

Action = Literal["run", "wait", "give_up"]


@dataclass(frozen=True)
class FailedRun:
    """A run that ended without doing what it was asked for."""

    run_id: str
    ended_at: datetime
    """With a time zone."""
    reason: str
    """Why it failed, in a line."""


@dataclass(frozen=True)
class Attempt:
    """What becomes of a request after the attempts so far."""

    action: Action
    reason: str
    """A clause about the last failure; empty before the first attempt."""


def decide_attempt(policy: RetrainingPolicy, failed: Sequence[FailedRun], now: datetime) -> Attempt:
    """Return whether a request is carried out now, later, or no more.

    Parameters
    ----------
    failed
        The attempts so far, in any order; all of them failed.
    now
        With a time zone.
    """
    if not failed:
        return Attempt("run", "")
    last = max(failed, key=lambda run: run.ended_at)
    said = f"attempt {len(failed)} of {policy.max_attempts} failed in run {last.run_id} ({last.reason})"
    if len(failed) >= policy.max_attempts:
        return Attempt("give_up", f"{said}, so it is given up")
    # In UTC: minutes added to a local time are minutes on the wall clock, which is changed twice a year.
    delay = timedelta(minutes=policy.retry_delay_minutes * 2 ** (len(failed) - 1))
    at = last.ended_at.astimezone(UTC) + delay
    if now < at:
        return Attempt("wait", f"{said}; the next attempt is at {at.isoformat(timespec='seconds')}")
    return Attempt("run", f"{said}; this is the next attempt")
