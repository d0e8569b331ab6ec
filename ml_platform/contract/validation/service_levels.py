"""Service levels: the age of the newest row, and the longest time without one."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import partial

import polars as pl

from ml_platform.contract.contract import ContractCheck
from ml_platform.contract.display import duration
from ml_platform.contract.table_rules import AgeRule, GapRule
from ml_platform.contract.validation.checks import CompiledCheck, Subject, decided
from ml_platform.contract.validation.types import MOMENT, localized


def compile_age(rule: AgeRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of the newest value's age; one that lies after the present has no age and passes."""
    assert subject.now is not None
    now, name = subject.now.astimezone(UTC), str(rule.column)
    newest = subject.table.frame.select(_moments(rule, subject).max()).collect().item()
    if newest is None:
        outcome = subject.rule_outcome(check, False, 0, f"{name} has no value to tell the age by.")
    else:
        apart = f"{duration(now - newest)} before" if newest <= now else f"{duration(newest - now)} after"
        text = f"the newest {name} is {newest}, {apart} {now}, at most {duration(rule.span)} allowed."
        outcome = subject.rule_outcome(check, now - newest <= rule.span, 0, text)
    return decided(check, outcome)


def compile_gap(rule: GapRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of the longest time between two values that follow each other."""
    times = subject.table.frame.select(_moments(rule, subject).drop_nulls().sort()).collect().to_series()
    gaps: list[timedelta] = times.diff().drop_nulls().to_list()
    n_over = sum(gap > rule.span for gap in gaps)
    if times.is_empty():
        outcome = subject.rule_outcome(check, False, 0, f"{rule.column} has no value to tell the frequency by.")
    elif not n_over:
        longest = duration(max(gaps)) if gaps else "none"
        outcome = subject.rule_outcome(
            check, True, 0, f"the longest time without a row is {longest}, by {rule.column}."
        )
    else:
        before = gaps.index(max(gaps))
        longest = f"from {times[before]} to {times[before + 1]}"
        text = f"{n_over:,} times more than {duration(rule.span)} go by without a row by {rule.column}"
        outcome = subject.rule_outcome(check, False, n_over, f"{text}, the longest {longest}.")
    return decided(check, outcome)


def _moments(rule: AgeRule | GapRule, subject: Subject) -> pl.Expr:
    """Return a column of dates or times as instants in UTC; those without a time zone are in the contract's."""
    times, dtype = pl.col(str(rule.column)), subject.table.schema[str(rule.column)]
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        return times.dt.convert_time_zone("UTC")
    localize = partial(localized, timezone=subject.contract.timezone)
    return times.cast(pl.Datetime("us")).map_batches(localize, return_dtype=MOMENT, is_elementwise=True)
