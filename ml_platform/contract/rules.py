"""What a contract may ask of each value of a column. A row that breaks one of these rules goes to quarantine.

``str(rule)`` is the rule in words, to be read after "must". ``row_expectation`` is the rule for Great Expectations,
which is not imported for it. Missing values break ``Required`` and no other rule.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from math import floor
from typing import Any

from ml_platform.contract.result import Expectation
from ml_platform.errors import ContractError

Bound = int | float | datetime | date | time
FIRST_DAY = date(1970, 1, 1)
"""Great Expectations has no bound that is a time of day: it is given one of this day."""
_DOLLAR = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


@dataclass(frozen=True)
class Required:
    """No value is missing."""

    def __str__(self) -> str:
        return "be present"


@dataclass(frozen=True)
class Range:
    """Values between two bounds, either of which may be absent; a strict bound is itself outside."""

    minimum: Bound | None = None
    maximum: Bound | None = None
    strict_minimum: bool = False
    strict_maximum: bool = False

    def __str__(self) -> str:
        if None not in (self.minimum, self.maximum) and not (self.strict_minimum or self.strict_maximum):
            return f"be between {self.minimum} and {self.maximum}"
        lower = f"{'above' if self.strict_minimum else 'at least'} {self.minimum}"
        upper = f"{'below' if self.strict_maximum else 'at most'} {self.maximum}"
        stated = [words for words, bound in ((lower, self.minimum), (upper, self.maximum)) if bound is not None]
        return f"be {' and '.join(stated)}"


@dataclass(frozen=True)
class Length:
    """Strings of so many characters."""

    minimum: int | None = None
    maximum: int | None = None

    def __str__(self) -> str:
        if self.minimum is None:
            return f"have at most {self.maximum} characters"
        if self.maximum is None:
            return f"have at least {self.minimum} characters"
        return f"have {self.minimum} to {self.maximum} characters"


@dataclass(frozen=True)
class Pattern:
    """Strings in which a regular expression is found; anchor it to mean the whole string.

    ``format`` names the regular expression, where it is one of the standard's formats.
    """

    regex: str
    format: str = ""

    def __str__(self) -> str:
        return f"be of the format {self.format}" if self.format else f"match {self.regex}"


def read_pattern(regex: object, where: str) -> Pattern:
    """Return the rule, or reject what is not a regular expression."""
    try:
        re.compile(str(regex))
    except re.error as error:
        raise ContractError(f"{where}: the pattern '{regex}' is not a regular expression ({error}).") from error
    return Pattern(str(regex))


@dataclass(frozen=True)
class OneOf:
    """Values of a set."""

    values: tuple[str | int | float | bool, ...]

    def __str__(self) -> str:
        return f"be one of {', '.join(map(str, self.values))}"


@dataclass(frozen=True)
class NoneOf:
    """Values outside a set."""

    values: tuple[str | int | float | bool, ...]

    def __str__(self) -> str:
        return f"be none of {', '.join(map(repr, self.values))}"


@dataclass(frozen=True)
class MultipleOf:
    """Whole multiples of a number. Great Expectations has no such rule; see ``TypedTable.expectation``."""

    number: int | float

    def __str__(self) -> str:
        return f"be a multiple of {self.number}"


Rule = Required | Range | Length | Pattern | OneOf | NoneOf | MultipleOf


def true_expectation(column: str, derived: Any = None) -> Expectation:
    """Return what finds rows in which a column of booleans, or a derived one, is not true."""
    return Expectation("ExpectColumnValuesToBeInSet", {"column": column, "value_set": [True]}, derived)


def unique_expectation(columns: tuple[str, ...]) -> Expectation:
    """Return what finds rows that share their values with another; rows with a missing value share none."""
    if len(columns) == 1:
        return Expectation("ExpectColumnValuesToBeUnique", {"column": columns[0]})
    options = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    return Expectation("ExpectCompoundColumnsToBeUnique", options)


def row_count_expectation(min_rows: int, max_rows: int | None) -> Expectation:
    """Return what bounds the number of rows."""
    return Expectation("ExpectTableRowCountToBeBetween", {"min_value": min_rows, "max_value": max_rows})


def null_share_expectation(column: str, max_share: float, n_rows: int) -> Expectation:
    """Return what bounds the share of missing values among so many rows.

    The bound is the share of whole rows that may be missing: 1 - 0.58 is not 0.42 to a computer.
    """
    n_present = n_rows - floor(Fraction(str(max_share)) * n_rows)
    name = "ExpectColumnProportionOfNonNullValuesToBeBetween"
    return Expectation(name, {"column": column, "min_value": n_present / n_rows})


def row_expectation(column: str, rule: Rule) -> Expectation:
    """Return what finds the rows that break a rule."""
    match rule:
        case Required():
            name, arguments = "ExpectColumnValuesToNotBeNull", dict[str, Any]()
        case Range():
            name = "ExpectColumnValuesToBeBetween"
            arguments = {"min_value": _bound(rule.minimum), "max_value": _bound(rule.maximum)}
            arguments |= {"strict_min": rule.strict_minimum, "strict_max": rule.strict_maximum}
        case Length():
            name = "ExpectColumnValueLengthsToBeBetween"
            arguments = {"min_value": rule.minimum, "max_value": rule.maximum}
        case Pattern():
            name, arguments = "ExpectColumnValuesToMatchRegex", {"regex": to_the_end(rule.regex)}
        case OneOf():
            name, arguments = "ExpectColumnValuesToBeInSet", {"value_set": list(rule.values)}
        case NoneOf():
            name, arguments = "ExpectColumnValuesToNotBeInSet", {"value_set": list(rule.values)}
        case MultipleOf():
            raise ValueError("Great Expectations has no expectation of multiples")
    return Expectation(name, {"column": column, **arguments})


def _bound(bound: Bound | None) -> Any:
    return datetime.combine(FIRST_DAY, bound) if isinstance(bound, time) else bound


def to_the_end(regex: str) -> str:
    r"""Return a regular expression in which ``$`` is the end of the text, as in the standard's.

    To Python it also stands before a line end that is last, so ``^a$`` would find ``"a\n"``.
    """
    return _DOLLAR.sub(lambda found: r"\Z" if found.group() == "$" else found.group(), regex)
