"""The rules of a contract in the words of Great Expectations, which is not imported for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from math import floor
from types import MappingProxyType
from typing import Any

from ml_platform.contract.formats import FORMATS
from ml_platform.contract.rules import Bound, Format, Length, NoneOf, OneOf, Pattern, Range, Required, Rule

FIRST_DAY = date(1970, 1, 1)
"""Great Expectations has no bound that is a time of day: it is given one of this day."""


@dataclass(frozen=True)
class Expectation:
    """A class of ``great_expectations.expectations`` and its arguments."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class ExpectationResult:
    """What came of an expectation: the failing rows, the value observed, and why it could not be run ("": it could)."""

    passed: bool
    rows: tuple[int, ...] = ()
    observed: Any = None
    error: str = ""


def row_expectation(column: str, rule: Rule) -> Expectation:
    """Return what finds the rows that break a rule; a multiple has no expectation (see ``true_expectation``)."""
    name, arguments = EXPECTATIONS[type(rule)](rule)
    return Expectation(name, {"column": column, **arguments})


def _between(rule: Range) -> tuple[str, dict[str, Any]]:
    bounds = {"min_value": _bound(rule.minimum), "max_value": _bound(rule.maximum)}
    strict = {"strict_min": rule.strict_minimum, "strict_max": rule.strict_maximum}
    return "ExpectColumnValuesToBeBetween", {**bounds, **strict}


def _bound(bound: Bound | None) -> Any:
    return datetime.combine(FIRST_DAY, bound) if isinstance(bound, time) else bound


def _lengths(rule: Length) -> tuple[str, dict[str, Any]]:
    return "ExpectColumnValueLengthsToBeBetween", {"min_value": rule.minimum, "max_value": rule.maximum}


def _matching(regex: str) -> tuple[str, dict[str, Any]]:
    return "ExpectColumnValuesToMatchRegex", {"regex": to_the_end(regex)}


_DOLLAR = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def to_the_end(regex: str) -> str:
    r"""Return a regular expression in which ``$`` is the end of the text, as in the standard's.

    To Python it also stands before a line end that is last, so ``^a$`` would find ``"a\n"``.
    """
    return _DOLLAR.sub(lambda found: r"\Z" if found.group() == "$" else found.group(), regex)


EXPECTATIONS: Mapping[type[Rule], Callable[[Any], tuple[str, dict[str, Any]]]] = MappingProxyType(
    {
        Required: lambda rule: ("ExpectColumnValuesToNotBeNull", {}),
        Range: _between,
        Length: _lengths,
        Pattern: lambda rule: _matching(rule.regex),
        Format: lambda rule: _matching(FORMATS[rule.name]),
        OneOf: lambda rule: ("ExpectColumnValuesToBeInSet", {"value_set": list(rule.values)}),
        NoneOf: lambda rule: ("ExpectColumnValuesToNotBeInSet", {"value_set": list(rule.values)}),
    }
)
"""Kind of rule → the class of the expectation, and its arguments."""


def null_share_expectation(column: str, max_share: float, n_rows: int) -> Expectation:
    """Return what bounds the share of missing values among so many rows.

    The bound is the share of whole rows that may be missing: 1 - 0.58 is not 0.42 to a computer.
    """
    n_present = n_rows - floor(Fraction(str(max_share)) * n_rows)
    return Expectation(
        "ExpectColumnProportionOfNonNullValuesToBeBetween", {"column": column, "min_value": n_present / n_rows}
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
