"""Read one column of a contract document: its type, its rules on each row, and the share of it that may be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from open_data_contract_standard.model import SchemaProperty

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Column
from ml_platform.contract.metrics import read_column_metrics, read_pattern
from ml_platform.contract.rules import Bound, Length, OneOf, Pattern, Range, Required, Rule
from ml_platform.errors import ContractError

Options = Mapping[str, Any]
BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "string": ("minLength", "maxLength", "pattern"),
        "integer": BOUNDS,
        "number": BOUNDS,
        "boolean": (),
        "timestamp": (*BOUNDS, "timezone"),
        "date": (),
    }
)
"""Logical type → the options of it that can be run."""
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
)
"""Logical type → the types that the values of a set may have."""


def read_column(stated: SchemaProperty, file: str) -> Column:
    """Return the column.

    Raises
    ------
    ContractError
        When its type or one of its rules cannot be run, or when nothing bounds the missing values of a nullable column.
    """
    if not stated.name:
        raise ContractError(f"{file}: a column has no name.")
    where = f"{file}, column '{stated.name}'"
    if stated.logicalType not in OPTIONS:
        known = did_you_mean(str(stated.logicalType), OPTIONS)
        raise ContractError(f"{where}: the platform cannot run logicalType '{stated.logicalType}'. {known}")
    options = _options(stated, where)
    metrics = read_column_metrics(stated.quality or [], where)
    required = bool(stated.required)
    if required != (metrics.max_null_share is None):
        raise ContractError(f"{where}: say either required: true, or with a nullValues metric how many may be missing.")
    rules = [*_option_rules(str(stated.logicalType), options, where), *metrics.rules, *_enum(stated)]
    _check_sets(str(stated.logicalType), rules, where)
    return Column(
        name=stated.name,
        type=str(stated.logicalType),
        required=required,
        rules=(Required(), *rules) if required else tuple(rules),
        max_null_share=metrics.max_null_share,
        has_time_zone=options.get("timezone"),
        physical_type=stated.physicalType or "",
        description=(stated.description or "").strip(),
    )


def _options(stated: SchemaProperty, where: str) -> Options:
    options: Options = stated.logicalTypeOptions or {}
    known = OPTIONS[str(stated.logicalType)]
    for option in options:
        if option not in known:
            guess = did_you_mean(option, known)
            raise ContractError(f"{where}: the platform cannot run {stated.logicalType} option '{option}'. {guess}")
    return options


def _option_rules(logical_type: str, options: Options, where: str) -> list[Rule]:
    if logical_type in ("integer", "number"):
        return _range(options, _number, where)
    if logical_type == "timestamp":
        if not options.get("timezone") and any(bound in options for bound in BOUNDS):
            raise ContractError(f"{where}: a bound on timestamps can only be run with timezone: true.")
        return _range(options, _moment, where)
    rules = _length(options, where)
    return [*rules, read_pattern(options["pattern"], where)] if "pattern" in options else rules


def _range(options: Options, read: Callable[[Any, str], Bound], where: str) -> list[Rule]:
    bounds = {bound: read(options[bound], f"{where}, {bound}") for bound in BOUNDS if bound in options}
    if not bounds:
        return []
    if len(bounds.keys() & BOUNDS[:2]) == 2 or len(bounds.keys() & BOUNDS[2:]) == 2:
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


def _moment(value: Any, where: str) -> Bound:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ContractError(f"{where}: expected an ISO 8601 time, found '{value}'.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _length(options: Options, where: str) -> list[Rule]:
    minimum, maximum = options.get("minLength"), options.get("maxLength")
    for length in (minimum, maximum):
        if length is not None and (isinstance(length, bool) or not isinstance(length, int) or length < 0):
            raise ContractError(f"{where}: a length must be a whole number, not '{length}'.")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ContractError(f"{where}: minLength {minimum} is above maxLength {maximum}.")
    return [] if minimum is None and maximum is None else [Length(minimum, maximum)]


def _enum(stated: SchemaProperty) -> list[Rule]:
    return [] if stated.enum is None else [OneOf(tuple(entry.value for entry in stated.enum))]


def _check_sets(logical_type: str, rules: list[Rule], where: str) -> None:
    for rule in rules:
        if isinstance(rule, Pattern | Length) and logical_type != "string":
            raise ContractError(f"{where}: only strings have a pattern, not type {logical_type}.")
        if isinstance(rule, OneOf):
            _check_set(logical_type, rule.values, where)


def _check_set(logical_type: str, values: tuple[Any, ...], where: str) -> None:
    if not values:
        raise ContractError(f"{where}: the set of valid values is empty.")
    for value in values:
        # bool is an int to Python, and YAML reads a bare `no` as one
        right = isinstance(value, PYTHON_TYPES.get(logical_type, ()))
        if not right or (isinstance(value, bool) and logical_type != "boolean"):
            raise ContractError(f"{where}: the set holds {value!r}, which is not of type {logical_type}; is it quoted?")
