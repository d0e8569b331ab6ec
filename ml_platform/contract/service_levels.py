"""Service levels: how old the newest row may be (freshness, latency), and how long none may come (frequency)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from open_data_contract_standard.model import ServiceLevelAgreementProperty as ServiceLevel

from ml_platform.choices import did_you_mean
from ml_platform.contract.result import CompiledCheck
from ml_platform.contract.table_rule import Place, TableRule, custom_severity, described, duration, slug
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

AGES = ("freshness", "latency")
GAPS = ("frequency",)
NOTES = ("generalAvailability", "endOfSupport", "endOfLife")
"""Dates in the life of the product: no rule on data."""
TIMES = ("timestamp", "timestamptz", "date")
UNITS: Mapping[str, timedelta] = MappingProxyType(
    {name: timedelta(days=1) for name in ("d", "day", "days")}
    | {name: timedelta(hours=1) for name in ("h", "hr", "hour", "hours")}
    | {name: timedelta(minutes=1) for name in ("m", "min", "minute", "minutes")}
)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True, kw_only=True)
class AgeRule(TableRule):
    """How old the newest value of a column of times may be."""

    needs_now: ClassVar[bool] = True
    span: timedelta

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Count to the time that is given; a value that lies after it has no age and passes."""
        assert table.now is not None
        now, newest = table.now.astimezone(UTC), table.moments(str(self.column)).max()
        if not isinstance(newest, datetime):
            return table.decided(self, False, 0, f"{self.column} has no value to tell the age by.")
        apart = f"{duration(now - newest)} before" if newest <= now else f"{duration(newest - now)} after"
        text = f"the newest {self.column} is {newest}, {apart} {now}, at most {duration(self.span)} allowed."
        return table.decided(self, now - newest <= self.span, 0, text)


@dataclass(frozen=True, kw_only=True)
class GapRule(TableRule):
    """The longest time without a row, between the first and the last value of a column of times."""

    span: timedelta

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Compare each two values that follow each other."""
        times = table.moments(str(self.column)).sort()
        if times.is_empty():
            return table.decided(self, False, 0, f"{self.column} has no value to tell the frequency by.")
        gaps: list[timedelta] = times.diff().drop_nulls().to_list()
        longest = max(gaps, default=timedelta())
        if longest <= self.span:
            text = f"the longest time without a row is {duration(longest) if gaps else 'none'}, by {self.column}."
            return table.decided(self, True, 0, text)
        n_over, before = sum(gap > self.span for gap in gaps), gaps.index(longest)
        text = f"{n_over:,} times more than {duration(self.span)} go by without a row by {self.column}"
        return table.decided(self, False, n_over, f"{text}, the longest from {times[before]} to {times[before + 1]}.")


def read_service_level(level: ServiceLevel, default: str | None, place: Place) -> AgeRule | GapRule | None:
    """Return the rule on data that a service level states, if it is one; ``default`` is ``slaDefaultElement``.

    Raises
    ------
    ContractError
        When it cannot be run, or names no column of times.
    """
    name = str(level.property)
    where = f"{place.where}, slaProperties, {name}"
    if name in NOTES:
        return None
    if name not in (*AGES, *GAPS):
        raise ContractError(f"{where}: the platform cannot run it. {did_you_mean(name, (*AGES, *GAPS, *NOTES))}")
    column, span = _column(level.element or default, place, where), _span(level, where)
    common: dict[str, Any] = {
        "name": f"sla_{slug(level.id)}" if level.id else slug(f"sla_{name}_{column}"),
        "column": column,
        "reads": (column,),
        "severity": custom_severity(level.customProperties, where),
        "span": span,
    }
    if name in GAPS:
        says = f"No more than {duration(span)} go by without a row, by {column}."
        return GapRule(description=described(level.description, says), **common)
    says = f"The newest {column} is at most {duration(span)} old."
    return AgeRule(description=described(level.description, says), **common)


def _column(element: str | None, place: Place, where: str) -> str:
    own, _, column = (element or "").rpartition(".")
    if not column or own != place.table:
        raise ContractError(f"{where}: needs an element '{place.table}.<column>', not '{element}'.")
    if column not in place.types:
        raise ContractError(f"{where}: the contract has no column '{column}'. {did_you_mean(column, place.types)}")
    if place.types[column] not in TIMES:
        raise ContractError(f"{where}: '{column}' is of type {place.types[column]}, expected timestamp or date.")
    return column


def _span(level: ServiceLevel, where: str) -> timedelta:
    value, unit = level.value, level.unit or "d"
    if isinstance(value, str):
        return _duration(value, where)
    if unit not in UNITS:
        raise ContractError(f"{where}: the platform cannot run unit '{unit}'. {did_you_mean(unit, UNITS)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ContractError(f"{where}: must be a number above 0 or a duration such as PT36H, not {value!r}.")
    if level.valueExt is not None:
        raise ContractError(f"{where}: the platform cannot run 'valueExt'; say it all with value and unit.")
    return value * UNITS[unit]


def _duration(value: str, where: str) -> timedelta:
    found = _DURATION.fullmatch(value)
    if found is None or not any(found.groups()):
        raise ContractError(f"{where}: must be a number above 0 or a duration such as PT36H, not {value!r}.")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
