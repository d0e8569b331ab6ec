"""Service levels: the age of the newest row, and the longest time without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.contract.evidence import Evidence
from ml_platform.contract.result import CheckResult
from ml_platform.contract.table_rules import AgeRule, GapRule
from ml_platform.contract.values import lasting

if TYPE_CHECKING:
    import pandas as pd


def age(rule: AgeRule, evidence: Evidence) -> CheckResult:
    """How old the newest value is at ``Evidence.now``; one that lies after it has no age and passes."""
    import pandas as pd

    times = _times(evidence, str(rule.column))
    assert evidence.now is not None
    if times.empty:
        return evidence.check_result(rule, False, 0, f"{rule.column} has no value to tell the age by.")
    now, newest = pd.Timestamp(evidence.now).tz_convert("UTC"), times.max()
    text = f"the newest {rule.column} is {newest}, {_apart(newest, now)} {now}, at most {lasting(rule.span)} allowed."
    return evidence.check_result(rule, bool(now - newest <= rule.span), 0, text)


def gap(rule: GapRule, evidence: Evidence) -> CheckResult:
    """The longest time between two values that follow each other."""
    times = _times(evidence, str(rule.column)).sort_values(ignore_index=True)
    if times.empty:
        return evidence.check_result(rule, False, 0, f"{rule.column} has no value to tell the frequency by.")
    gaps = times.diff()
    if len(times) == 1 or gaps.max() <= rule.span:
        longest = lasting(gaps.max()) if len(times) > 1 else "none"
        return evidence.check_result(rule, True, 0, f"the longest time without a row is {longest}, by {rule.column}.")
    end = int(gaps.argmax())
    over = int((gaps > rule.span).sum())
    longest = f"from {times[end - 1]} to {times[end]}"
    text = f"{over:,} times more than {lasting(rule.span)} go by without a row by {rule.column}, the longest {longest}"
    return evidence.check_result(rule, False, over, f"{text}.")


def _apart(newest: pd.Timestamp, now: pd.Timestamp) -> str:
    return f"{lasting(now - newest)} before" if newest <= now else f"{lasting(newest - now)} after"


def _times(evidence: Evidence, column: str) -> pd.Series:
    """Return the values as moments; one without a time zone is in UTC, as the standard has it."""
    times = evidence.reading.frame[column].dropna()
    moments: pd.Series = times.dt.tz_localize("UTC") if times.dt.tz is None else times.dt.tz_convert("UTC")
    return moments
