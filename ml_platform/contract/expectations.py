"""The rules of a contract in the words of Great Expectations, which is not imported for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ml_platform.contract.formats import FORMATS
from ml_platform.contract.rules import Format, Length, NoneOf, OneOf, Pattern, Range, Required, Rule


@dataclass(frozen=True)
class Expectation:
    """A class of ``great_expectations.expectations`` and its arguments."""

    name: str
    arguments: Mapping[str, Any]


def row_expectation(column: str, rule: Rule) -> Expectation:
    """Return what finds the rows that break a rule; a multiple has no expectation (see ``asking.py``)."""
    name, arguments = EXPECTATIONS[type(rule)](rule)
    return Expectation(name, {"column": column, **arguments})


def _between(rule: Range) -> tuple[str, dict[str, Any]]:
    bounds = {"min_value": rule.minimum, "max_value": rule.maximum}
    strict = {"strict_min": rule.strict_minimum, "strict_max": rule.strict_maximum}
    return "ExpectColumnValuesToBeBetween", {**bounds, **strict}


def _lengths(rule: Length) -> tuple[str, dict[str, Any]]:
    return "ExpectColumnValueLengthsToBeBetween", {"min_value": rule.minimum, "max_value": rule.maximum}


EXPECTATIONS: Mapping[type[Rule], Callable[[Any], tuple[str, dict[str, Any]]]] = MappingProxyType(
    {
        Required: lambda rule: ("ExpectColumnValuesToNotBeNull", {}),
        Range: _between,
        Length: _lengths,
        Pattern: lambda rule: ("ExpectColumnValuesToMatchRegex", {"regex": rule.regex}),
        Format: lambda rule: ("ExpectColumnValuesToMatchRegex", {"regex": FORMATS[rule.name]}),
        OneOf: lambda rule: ("ExpectColumnValuesToBeInSet", {"value_set": list(rule.values)}),
        NoneOf: lambda rule: ("ExpectColumnValuesToNotBeInSet", {"value_set": list(rule.values)}),
    }
)
"""Kind of rule → the class of the expectation, and its arguments."""


def null_share_expectation(column: str, max_share: float) -> Expectation:
    """Return what bounds the share of missing values."""
    return Expectation(
        "ExpectColumnProportionOfNonNullValuesToBeBetween", {"column": column, "min_value": 1 - max_share}
    )


def row_count_expectation(min_rows: int, max_rows: int | None) -> Expectation:
    """Return what bounds the number of rows."""
    return Expectation("ExpectTableRowCountToBeBetween", {"min_value": min_rows, "max_value": max_rows})


def key_expectation(key: tuple[str, ...]) -> Expectation:
    """Return what finds rows that share their key; a key with a missing part is left to the rule of that column."""
    if len(key) == 1:
        return Expectation("ExpectColumnValuesToBeUnique", {"column": key[0]})
    options = {"column_list": list(key), "ignore_row_if": "any_value_is_missing"}
    return Expectation("ExpectCompoundColumnsToBeUnique", options)


def true_expectation(column: str) -> Expectation:
    """Return what finds rows in which a column of booleans is not true."""
    return Expectation("ExpectColumnValuesToBeInSet", {"column": column, "value_set": [True]})
