"""The rules of a contract in the words of Great Expectations, which is not imported for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ml_platform.contract.rules import Length, OneOf, Pattern, Range, Required, Rule


@dataclass(frozen=True)
class Expectation:
    """A class of ``great_expectations.expectations`` and its arguments."""

    name: str
    arguments: Mapping[str, Any]


def row_expectation(column: str, rule: Rule) -> Expectation:
    """Return what finds the rows that break a rule."""
    name, arguments = _named(rule)
    return Expectation(name, {"column": column, **arguments})


def _named(rule: Rule) -> tuple[str, dict[str, Any]]:
    match rule:
        case Required():
            return "ExpectColumnValuesToNotBeNull", {}
        case Range(minimum, maximum, strict_minimum, strict_maximum):
            bounds = {"min_value": minimum, "max_value": maximum}
            return "ExpectColumnValuesToBeBetween", {
                **bounds,
                "strict_min": strict_minimum,
                "strict_max": strict_maximum,
            }
        case Length(minimum, maximum):
            return "ExpectColumnValueLengthsToBeBetween", {"min_value": minimum, "max_value": maximum}
        case Pattern(regex):
            return "ExpectColumnValuesToMatchRegex", {"regex": regex}
        case OneOf(values):
            return "ExpectColumnValuesToBeInSet", {"value_set": list(values)}


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
