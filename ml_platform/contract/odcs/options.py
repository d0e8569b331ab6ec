"""Reads the ``logicalTypeOptions`` of a column into rules on each of its values."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ml_platform.contract.rules import Length, MultipleOf, Pattern, Range, Rule, read_pattern
from ml_platform.contract.table_rule import is_number, validate_known
from ml_platform.errors import ContractError

Options = Mapping[str, Any]
BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "integer": (*BOUNDS, "multipleOf", "format"),
    "number": (*BOUNDS, "multipleOf", "format"),
    "boolean": (),
    "timestamp": (*BOUNDS, "format", "timezone", "defaultTimezone"),
    "date": (*BOUNDS, "format"),
    "time": (*BOUNDS, "format"),
}
"""Logical type → the options of it that can be run."""
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_GROUP = "[0-9A-Fa-f]{1,4}"
FORMATS: Mapping[str, str] = {
    "byte": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "email": rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*$",
    "hostname": rf"^{_LABEL}(?:\.{_LABEL})*$",
    "ipv4": rf"^(?:{_BYTE}\.){{3}}{_BYTE}$",
    "ipv6": (
        rf"^(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,7}}:|:(?::{_GROUP}){{1,7}}|(?:{_GROUP}:){{1,6}}:{_GROUP}"
        rf"|(?:{_GROUP}:){{1,5}}(?::{_GROUP}){{1,2}}|(?:{_GROUP}:){{1,4}}(?::{_GROUP}){{1,3}}"
        rf"|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,4}}|(?:{_GROUP}:){{1,2}}(?::{_GROUP}){{1,5}}|{_GROUP}:(?::{_GROUP}){{1,6}}|::)$"
    ),
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$",
    "uuid": r"^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
}
"""Format of strings → regular expression (email as HTML defines it; byte is Base64; the rest after their RFCs)."""
SIZES: Mapping[str, Mapping[str, tuple[float | None, float | None]]] = {
    "integer": {f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32)}
    | {f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32)}
    | {"i64": (None, None), "i128": (None, None), "u64": (0, None), "u128": (0, None)},
    "number": {"f32": (-3.4028234663852886e38, 3.4028234663852886e38), "f64": (None, None)},
}
"""Logical type → its formats → the least and the greatest; None where everything that can be read is within."""


def read_options(logical_type: str, options: Options, where: str) -> list[Rule]:
    """Return the rules that the options of a logical type stand for."""
    for option in options:
        validate_known(option, OPTIONS[logical_type], f"{logical_type} option", where)
    match logical_type:
        case "string":
            return _string(options, where)
        case "integer" | "number":
            return _number(logical_type, options, where)
        case "timestamp":
            return _range(options, _moment(options, where), where)
        case "date":
            return _range(options, _reader(_day, "a date such as 2013-01-31"), where)
        case "time":
            return _range(options, _reader(_clock, "a time of day such as '08:30:00' (quoted)"), where)
    return []


def read_zone(options: Options, where: str) -> str | None:
    """Return the time zone in which timestamps without one are read (None: they stay without)."""
    name = options.get("defaultTimezone")
    if name is None:
        return None
    try:
        return ZoneInfo(str(name)).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ContractError(f"{where}, defaultTimezone: no time zone '{name}'; write it as Europe/Berlin.") from error


def _string(options: Options, where: str) -> list[Rule]:
    minimum, maximum = options.get("minLength"), options.get("maxLength")
    for length in (minimum, maximum):
        if length is not None and (isinstance(length, bool) or not isinstance(length, int) or length < 0):
            raise ContractError(f"{where}: a length must be a whole number, not '{length}'.")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ContractError(f"{where}: minLength {minimum} is above maxLength {maximum}.")
    rules: list[Rule] = [] if minimum is None and maximum is None else [Length(minimum, maximum)]
    if "pattern" in options:
        rules.append(read_pattern(options["pattern"], where))
    if "format" in options:
        name = str(options["format"])
        validate_known(name, FORMATS, "format", where)
        rules.append(Pattern(FORMATS[name], name))
    return rules


def _range(options: Options, read: Callable[[Any, str], Any], where: str) -> list[Rule]:
    bounds = {bound: read(options[bound], f"{where}, {bound}") for bound in BOUNDS if bound in options}
    if not bounds:
        return []
    if {"minimum", "exclusiveMinimum"} <= bounds.keys() or {"maximum", "exclusiveMaximum"} <= bounds.keys():
        raise ContractError(f"{where}: a bound is stated twice, as exclusive and not.")
    minimum = bounds.get("minimum", bounds.get("exclusiveMinimum"))
    maximum = bounds.get("maximum", bounds.get("exclusiveMaximum"))
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ContractError(f"{where}: the minimum {minimum} is above the maximum {maximum}.")
    return [Range(minimum, maximum, "exclusiveMinimum" in bounds, "exclusiveMaximum" in bounds)]


def _number(logical_type: str, options: Options, where: str) -> list[Rule]:
    rules = _range(options, _number_of, where)
    if "multipleOf" in options:
        number = _number_of(options["multipleOf"], f"{where}, multipleOf")
        if not number > 0:
            raise ContractError(f"{where}, multipleOf: must be above 0, not {number}.")
        rules.append(MultipleOf(number))
    if "format" in options:
        name = str(options["format"])
        validate_known(name, SIZES[logical_type], "format", where)
        bounds = SIZES[logical_type][name]
        rules += [] if bounds == (None, None) else [Range(*bounds)]
    return rules


def _number_of(value: Any, where: str) -> int | float:
    if not is_number(value):
        raise ContractError(f"{where}: expected a number, found '{value}'.")
    return value


def _moment(options: Options, where: str) -> Callable[[Any, str], datetime]:
    zone = read_zone(options, where)
    if not options.get("timezone") and zone is None and any(bound in options for bound in BOUNDS):
        raise ContractError(f"{where}: a bound on timestamps needs timezone: true, or a defaultTimezone to read in.")
    default = UTC if zone is None else ZoneInfo(zone)

    def read(text: str) -> datetime:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=default)

    return _reader(read, "an ISO 8601 time")


def _reader(read: Callable[[str], Any], expected: str) -> Callable[[Any, str], Any]:
    def read_bound(value: Any, where: str) -> Any:
        try:
            return read(str(value))
        except ValueError as error:
            raise ContractError(f"{where}: expected {expected}, found '{value}'.") from error

    return read_bound


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").date()


def _clock(text: str) -> time:
    return time.fromisoformat(text).replace(tzinfo=None)
