"""Service levels: how old the newest row may be (freshness, latency), and how long none may come (frequency)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from open_data_contract_standard.model import ServiceLevelAgreementProperty as ServiceLevel

from ml_platform.choices import did_you_mean
from ml_platform.contract.display import duration
from ml_platform.contract.odcs.rule import custom_severity, slug
from ml_platform.contract.table_rules import AgeRule, GapRule
from ml_platform.errors import ContractError

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


def read_service_levels(
    stated: Sequence[ServiceLevel], default: str | None, table: str, types: Mapping[str, str], file: str
) -> list[AgeRule | GapRule]:
    """Return the service levels that are rules on data; ``default`` is ``slaDefaultElement``.

    Raises
    ------
    ContractError
        When one cannot be run, or names no column of times.
    """
    rules: list[AgeRule | GapRule] = []
    for level in stated:
        name = str(level.property)
        where = f"{file}, slaProperties, {name}"
        if name in NOTES:
            continue
        if name not in (*AGES, *GAPS):
            raise ContractError(f"{where}: the platform cannot run it. {did_you_mean(name, (*AGES, *GAPS, *NOTES))}")
        column = _column(level.element or default, table, types, where)
        rules.append(_rule(level, name, column, where))
    return rules


def _rule(level: ServiceLevel, name: str, column: str, where: str) -> AgeRule | GapRule:
    span, severity = _span(level, where), custom_severity(level.customProperties, where)
    check = f"sla_{slug(level.id)}" if level.id else slug(f"sla_{name}_{column}")
    description = level.description.strip().rstrip(".") + ". " if level.description else ""
    if name in GAPS:
        says = f"No more than {duration(span)} go by without a row, by {column}."
        return GapRule(check, column, severity, description + says, span)
    says = f"The newest {column} is at most {duration(span)} old."
    return AgeRule(check, column, severity, description + says, name, span)


def _column(element: str | None, table: str, types: Mapping[str, str], where: str) -> str:
    own, _, column = (element or "").rpartition(".")
    if not column or own != table:
        raise ContractError(f"{where}: needs an element '{table}.<column>', not '{element}'.")
    if column not in types:
        raise ContractError(f"{where}: the contract has no column '{column}'. {did_you_mean(column, types)}")
    if types[column] not in TIMES:
        raise ContractError(f"{where}: '{column}' is of type {types[column]}, expected timestamp or date.")
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
