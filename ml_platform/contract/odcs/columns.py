"""Reads one column of a contract document: its types, the rules on its values, and how many may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from open_data_contract_standard.model import SchemaProperty

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Column
from ml_platform.contract.formats import PHYSICAL_TYPES, physical_types
from ml_platform.contract.odcs.metrics import ColumnMetrics
from ml_platform.contract.odcs.options import OPTIONS, Options, read_options, read_zone
from ml_platform.contract.odcs.time_formats import read_time_format
from ml_platform.contract.rules import Length, NoneOf, OneOf, Pattern, Required, Rule
from ml_platform.errors import ContractError

PYTHON_TYPES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
)
"""Logical type → the types that the values of a set may have."""
TIMES = ("timestamp", "date", "time")
"""Logical types that may be written as strings, in the format that the contract states."""


def read_column(stated: SchemaProperty, metrics: ColumnMetrics, where: str) -> Column:
    """Return the column, of which the quality rules have been read.

    Raises
    ------
    ContractError
        When its type or one of its rules cannot be run, or when nothing bounds the missing values of a nullable column.
    """
    logical_type, required = str(stated.logicalType), bool(stated.required)
    options: Options = stated.logicalTypeOptions or {}
    if required == metrics.bounds_nulls:
        raise ContractError(f"{where}: say either required: true, or with a nullValues metric how many may be missing.")
    rules = [*read_options(logical_type, options, where), *metrics.rules, *_enum(stated)]
    validate_values(logical_type, [*rules, *metrics.counted], where)
    return Column(
        name=str(stated.name),
        type=logical_type,
        required=required,
        rules=(Required(), *rules) if required else tuple(rules),
        max_null_share=metrics.max_null_share,
        has_time_zone=options.get("timezone"),
        physical_type=stated.physicalType or "",
        description=(stated.description or "").strip(),
        text_format=_text_format(stated, options, where),
        default_time_zone=read_zone(options, where),
    )


def validate_types(stated: SchemaProperty, where: str) -> None:
    """Reject logical and physical types that the platform cannot run."""
    if stated.logicalType not in OPTIONS:
        known = did_you_mean(str(stated.logicalType), OPTIONS)
        raise ContractError(f"{where}: the platform cannot run logicalType '{stated.logicalType}'. {known}")
    if stated.physicalType:
        _validate_physical_type(stated.physicalType, where)
    if stated.physicalName not in (None, stated.name):
        raise ContractError(
            f"{where}: the platform finds columns by name, not by physicalName '{stated.physicalName}'."
        )


def _validate_physical_type(name: str, where: str) -> None:
    if physical_types(name) is None:
        sized = " A timestamp may name its zone: timestamp[ms, UTC]; a decimal its size: decimal(10, 2)."
        known = did_you_mean(name, PHYSICAL_TYPES)
        raise ContractError(f"{where}: the platform cannot check physicalType '{name}'. {known}{sized}")


def _text_format(stated: SchemaProperty, options: Options, where: str) -> tuple[str, str, str] | None:
    if stated.logicalType not in TIMES or "format" not in options:
        return None
    if stated.physicalType != "string":
        raise ContractError(
            f"{where}: a format is for a {stated.logicalType} stored as text: state physicalType: string."
        )
    return (str(options["format"]), *read_time_format(options["format"], f"{where}, format"))


def _enum(stated: SchemaProperty) -> list[Rule]:
    return [] if stated.enum is None else [OneOf(tuple(entry.value for entry in stated.enum))]


def validate_values(logical_type: str, rules: list[Rule], where: str) -> None:
    """Reject rules that no value of the type could keep: patterns of numbers, sets of another type."""
    for rule in rules:
        if isinstance(rule, Pattern | Length) and logical_type != "string":
            raise ContractError(f"{where}: only strings have a pattern, not type {logical_type}.")
        if isinstance(rule, OneOf | NoneOf):
            _validate_set(logical_type, rule.values, where)


def _validate_set(logical_type: str, values: tuple[Any, ...], where: str) -> None:
    if not values:
        raise ContractError(f"{where}: the set of values is empty.")
    for value in values:
        # bool is an int to Python, and YAML reads a bare `no` as one
        right = isinstance(value, PYTHON_TYPES.get(logical_type, ()))
        if not right or (isinstance(value, bool) and logical_type != "boolean"):
            raise ContractError(f"{where}: the set holds {value!r}, which is not of type {logical_type}; is it quoted?")
