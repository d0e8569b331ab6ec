"""Read the ``logicalTypeOptions`` of a column into rules on each of its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ml_platform.choices import did_you_mean
from ml_platform.contract.formats import FORMATS, INTEGER_FORMATS, NUMBER_FORMATS
from ml_platform.contract.rules import Bound, Format, Length, MultipleOf, Pattern, Range, Rule
from ml_platform.errors import ContractError

Options = Mapping[str, Any]
LOWER = ("minimum", "exclusiveMinimum")
UPPER = ("maximum", "exclusiveMaximum")
BOUNDS = (*LOWER, *UPPER)
OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "string": ("minLength", "maxLength", "pattern", "format"),
        "integer": (*BOUNDS, "multipleOf", "format"),
        "number": (*BOUNDS, "multipleOf", "format"),
        "boolean": (),
        "timestamp": (*BOUNDS, "format", "timezone", "defaultTimezone"),
        "date": (*BOUNDS, "format"),
        "time": (*BOUNDS, "format"),
    }
)
"""Logical type → the options of it that can be run."""


def read_options(logical_type: str, options: Options, where: str) -> list[Rule]:
    """Return the rules that the options of a logical type stand for.

    Raises
    ------
    ContractError
        When the type has no such option, or the option no such value.
    """
    for option in options:
        if option not in OPTIONS[logical_type]:
            guess = did_you_mean(option, OPTIONS[logical_type])
            raise ContractError(f"{where}: the platform cannot run {logical_type} option '{option}'. {guess}")
    if logical_type == "string":
        return _string(options, where)
    if logical_type in ("integer", "number"):
        return [*_range(options, _number, where), *_multiple(options, where), *_size(logical_type, options, where)]
    if logical_type == "boolean":
        return []
    if logical_type == "timestamp":
        return _range(options, _reader(options, where), where)
    return _range(options, _day if logical_type == "date" else _clock, where)


def read_pattern(regex: object, where: str) -> Pattern:
    """Return the rule, or reject what is not a regular expression."""
    try:
        re.compile(str(regex))
    except re.error as error:
        raise ContractError(f"{where}: the pattern '{regex}' is not a regular expression ({error}).") from error
    return Pattern(str(regex))


def read_zone(options: Options, where: str) -> str | None:
    """Return the time zone in which timestamps without one are read (None: they stay without)."""
    name = options.get("defaultTimezone")
    if name is None:
        return None
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ContractError(f"{where}, defaultTimezone: no time zone '{name}'; write it as Europe/Berlin.") from error
    return str(name)


def _string(options: Options, where: str) -> list[Rule]:
    rules = _length(options, where)
    if "pattern" in options:
        rules.append(read_pattern(options["pattern"], where))
    if "format" in options:
        name = str(options["format"])
        if name not in FORMATS:
            raise ContractError(f"{where}: the platform cannot run format '{name}'. {did_you_mean(name, FORMATS)}")
        rules.append(Format(name))
    return rules


def _length(options: Options, where: str) -> list[Rule]:
    minimum, maximum = options.get("minLength"), options.get("maxLength")
    for length in (minimum, maximum):
        if length is not None and (isinstance(length, bool) or not isinstance(length, int) or length < 0):
            raise ContractError(f"{where}: a length must be a whole number, not '{length}'.")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ContractError(f"{where}: minLength {minimum} is above maxLength {maximum}.")
    return [] if minimum is None and maximum is None else [Length(minimum, maximum)]


def _range(options: Options, read: Callable[[Any, str], Bound], where: str) -> list[Rule]:
    bounds = {bound: read(options[bound], f"{where}, {bound}") for bound in BOUNDS if bound in options}
    if not bounds:
        return []
    if all(bound in bounds for bound in LOWER) or all(bound in bounds for bound in UPPER):
        raise ContractError(f"{where}: a bound is stated twice, as exclusive and not.")
    minimum = bounds.get("minimum", bounds.get("exclusiveMinimum"))
    maximum = bounds.get("maximum", bounds.get("exclusiveMaximum"))
    if minimum is not None and maximum is not None and minimum > maximum:  # type: ignore[operator]  # of one kind
        raise ContractError(f"{where}: the minimum {minimum} is above the maximum {maximum}.")
    return [Range(minimum, maximum, "exclusiveMinimum" in bounds, "exclusiveMaximum" in bounds)]


def _number(value: Any, where: str) -> Bound:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ContractError(f"{where}: expected a number, found '{value}'.")
    return value


def _multiple(options: Options, where: str) -> list[Rule]:
    if "multipleOf" not in options:
        return []
    number = _number(options["multipleOf"], f"{where}, multipleOf")
    if not number > 0:  # type: ignore[operator]  # a number
        raise ContractError(f"{where}, multipleOf: must be above 0, not {number}.")
    return [MultipleOf(number)]  # type: ignore[arg-type]  # a number


def _size(logical_type: str, options: Options, where: str) -> list[Rule]:
    if "format" not in options:
        return []
    name = str(options["format"])
    sizes = {name: (None if most is None else -most, most) for name, most in NUMBER_FORMATS.items()}
    table: Mapping[str, tuple[float | None, float | None]] = INTEGER_FORMATS if logical_type == "integer" else sizes
    if name not in table:
        raise ContractError(f"{where}: the platform cannot run format '{name}'. {did_you_mean(name, table)}")
    return [Range(*table[name])] if any(bound is not None for bound in table[name]) else []


def _reader(options: Options, where: str) -> Callable[[Any, str], Bound]:
    zone = read_zone(options, where)
    if not options.get("timezone") and zone is None and any(bound in options for bound in BOUNDS):
        raise ContractError(
            f"{where}: a bound on timestamps needs timezone: true, or a defaultTimezone to read them in."
        )
    return lambda value, place: _moment(value, place, ZoneInfo(zone) if zone else UTC)


def _moment(value: Any, where: str, zone: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ContractError(f"{where}: expected an ISO 8601 time, found '{value}'.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(value: Any, where: str) -> Bound:
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError as error:
        raise ContractError(f"{where}: expected a date such as 2013-01-31, found '{value}'.") from error


def _clock(value: Any, where: str) -> Bound:
    try:
        return time.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError as error:
        raise ContractError(f"{where}: expected a time of day such as '08:30:00' (quoted), found '{value}'.") from error
