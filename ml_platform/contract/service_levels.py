"""Service levels: how old the newest row may be (freshness, latency), and how long none may come (frequency)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from open_data_contract_standard.model import ServiceLevelAgreementProperty as ServiceLevel

from ml_platform.choices import did_you_mean
from ml_platform.contract.result import CompiledCheck
from ml_platform.contract.table_rule import (
    Place,
    TableRule,
    custom_severity,
    described,
    duration,
    is_number,
    slug,
    validate_known,
)
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

AGES = ("freshness", "latency")
GAPS = ("frequency",)
NOTES = ("generalAvailability", "endOfSupport", "endOfLife")
"""Dates in the life of the product: no rule on data."""
TIMES = ("timestamp", "timestamptz", "date")
UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("h", "hr", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), timedelta(minutes=1)),
}
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
    """Return the rule on data that a service level states, if it is one; ``default`` is ``slaDefaultElement``."""
    name = str(level.property)
    place = place.within(f"slaProperties, {name}")
    if name in NOTES:
        return None
    if name not in (*AGES, *GAPS):
        known = did_you_mean(name, (*AGES, *GAPS, *NOTES))
        raise ContractError(f"{place.where}: the platform cannot run it. {known}")
    column, span = _column(level.element or default, place), _span(level, place.where)
    kind: type[AgeRule | GapRule] = AgeRule
    says = f"The newest {column} is at most {duration(span)} old."
    if name in GAPS:
        kind, says = GapRule, f"No more than {duration(span)} go by without a row, by {column}."
    return kind(
        name=f"sla_{slug(level.id)}" if level.id else slug(f"sla_{name}_{column}"),
        column=column,
        description=described(level.description, says),
        severity=custom_severity(level.customProperties, place.where),
        reads=(column,),
        span=span,
    )


def _column(element: str | None, place: Place) -> str:
    own, _, column = (element or "").rpartition(".")
    if not column or own != place.table:
        raise ContractError(f"{place.where}: needs an element '{place.table}.<column>', not '{element}'.")
    place.validate_columns([column])
    if place.types[column] not in TIMES:
        raise ContractError(f"{place.where}: '{column}' is of type {place.types[column]}, expected timestamp or date.")
    return column


def _span(level: ServiceLevel, where: str) -> timedelta:
    value, unit = level.value, level.unit or "d"
    span = timedelta()
    if isinstance(value, str) and (found := _DURATION.fullmatch(value)):
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    elif not isinstance(value, str):
        validate_known(unit, UNITS, "unit", where)
        if level.valueExt is not None:
            raise ContractError(f"{where}: the platform cannot run 'valueExt'; say it all with value and unit.")
        span = value * UNITS[unit] if is_number(value) else span
    if span <= timedelta():
        raise ContractError(f"{where}: must be a number above 0 or a duration such as PT36H, not {value!r}.")
    return span
