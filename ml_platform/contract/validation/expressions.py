"""What expectations need to know of a table, as Polars expressions: all of them are counted in one pass.

An expression marks the rows that break the rule, and never a row whose value is missing. What cannot be promised to be
what Great Expectations does on pandas (a type that the two compare differently, an argument that is not named here)
has no expression, and is left to that library. Whole numbers and decimals are compared exactly here, as floats there.
"""

import math
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import polars as pl

from ml_platform.contract.result import Expectation

LARGEST = 10**38 - 1
"""No whole number and no decimal has more than 38 digits: bounds beyond are cut to it."""
FLOAT_ERROR = 4 * sys.float_info.epsilon
"""Relative error of a quotient of which both numbers are rounded."""


def broken_rows(expectation: Expectation, schema: Mapping[str, pl.DataType]) -> pl.Expr | None:
    """Return which rows break an expectation; None when only Great Expectations can say."""
    known, express = EXPRESSIONS.get(expectation.name, (frozenset(), None))
    columns = expectation.columns
    if express is None or not expectation.arguments.keys() <= known or not all(name in schema for name in columns):
        return None
    return express(pl.col(columns[0]), expectation.arguments, schema[columns[0]])


def multiples(column: str, number: float, dtype: pl.DataType) -> pl.Expr:
    """Return which values are whole multiples of a number; of floats, within the precision of a quotient."""
    values, step = pl.col(column), Fraction(str(number))
    if _is_exact(dtype):
        values, scale = _steps(values, dtype)
        return values.cast(pl.Int128) % min((step * scale).numerator, LARGEST) == 0
    if step.denominator == 1:  # the remainder of floats is exact, whatever the quotient
        return _distinct(values, lambda value: math.fmod(value, number) == 0)
    quotients = values / number
    return (quotients - quotients.round()).abs() <= FLOAT_ERROR * pl.max_horizontal(quotients.abs(), 1.0)


def _is_exact(dtype: pl.DataType) -> bool:
    return dtype.is_integer() or dtype.is_decimal()


def _steps(values: pl.Expr, dtype: pl.DataType) -> tuple[pl.Expr, int]:
    """Return whole numbers or decimals as whole numbers, and how many of these are 1: of 1.50, 150 and 100."""
    return (values.to_physical(), 10**dtype.scale) if isinstance(dtype, pl.Decimal) else (values, 1)


def _distinct(values: pl.Expr, holds: Callable[[Any], object]) -> pl.Expr:
    """Return for which values something holds; each different value is looked at once."""

    def held(series: pl.Series) -> pl.Series:
        right = [value for value in series.drop_nulls().unique() if holds(value)]
        return series.is_in(pl.Series(right, dtype=series.dtype).implode())

    return values.map_batches(held, return_dtype=pl.Boolean, is_elementwise=True)


def _outside(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    lower: Any = arguments.get("min_value")
    upper: Any = arguments.get("max_value")
    stated = [bound for bound in (lower, upper) if bound is not None]
    if not stated or not all(_comparable(bound, dtype) for bound in stated) or (len(stated) == 2 and lower > upper):
        return None
    scale, outside = 1, pl.lit(False)
    if isinstance(dtype, pl.Datetime):
        values = values.dt.convert_time_zone("UTC")
    if _is_exact(dtype):
        values, scale = _steps(values, dtype)
    if lower is not None and arguments.get("strict_min"):
        outside |= values <= _literal(lower, dtype, scale, math.floor)
    elif lower is not None:
        outside |= values < _literal(lower, dtype, scale, math.ceil)
    if upper is not None and arguments.get("strict_max"):
        outside |= values >= _literal(upper, dtype, scale, math.ceil)
    elif upper is not None:
        outside |= values > _literal(upper, dtype, scale, math.floor)
    return outside


def _outside_lengths(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    return _outside(values.str.len_chars(), arguments, pl.UInt32()) if dtype == pl.String else None


def _comparable(bound: Any, dtype: pl.DataType) -> bool:
    """Whether a bound is of a column's type, so that both libraries compare them alike."""
    if dtype.is_numeric():
        return type(bound) in (int, float) and not math.isnan(bound)
    if isinstance(dtype, pl.Datetime):
        return isinstance(bound, datetime) and bound.tzinfo is not None and dtype.time_zone is not None
    if dtype == pl.Time:
        return isinstance(bound, datetime) and bound.tzinfo is None
    return bool(dtype == pl.Date) and type(bound) is date


def _literal(bound: Any, dtype: pl.DataType, scale: int, rounding: Callable[[Fraction], int]) -> Any:
    """Return a bound as Polars compares it; of whole numbers, the next one."""
    if _is_exact(dtype):
        steps = math.copysign(LARGEST, bound) if math.isinf(bound) else rounding(Fraction(str(bound)) * scale)
        return int(max(-LARGEST, min(steps, LARGEST)))
    if isinstance(bound, datetime):
        return bound.time() if dtype == pl.Time else bound.astimezone(UTC)
    return bound


def _without_match(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    """Search by Python's own rules: line ends and look-around mean other things to Rust."""
    return ~_distinct(values, re.compile(arguments["regex"]).search) if dtype == pl.String else None


def _in_set(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    members = arguments["value_set"]
    if not members or not all(_equatable(value, dtype) for value in members):
        return None
    if isinstance(dtype, pl.Decimal):
        allowed = {Fraction(str(value)) for value in members}
        return _distinct(values, lambda value: Fraction(value) in allowed)
    # a number that the column cannot hold is none of its values
    return values.is_in(pl.Series(members, dtype=dtype, strict=False).drop_nulls().implode())


def _not_in_set(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    inside = _in_set(values, arguments, dtype)
    return None if inside is None else ~inside


def _equatable(value: Any, dtype: pl.DataType) -> bool:
    if dtype.is_float() or dtype.is_decimal():
        return type(value) in (int, float) and math.isfinite(value)
    types = {pl.String: str, pl.Boolean: bool, pl.Date: date}
    return type(value) is (int if dtype.is_integer() else types.get(dtype.base_type()))


def _repeated_together(values: pl.Expr, arguments: Mapping[str, Any], dtype: pl.DataType) -> pl.Expr | None:
    if arguments.get("ignore_row_if") != "any_value_is_missing":
        return None
    columns = [pl.col(name) for name in arguments["column_list"]]
    return pl.struct(columns).is_duplicated() & pl.all_horizontal(column.is_not_null() for column in columns)


Express = Callable[[pl.Expr, Mapping[str, Any], pl.DataType], pl.Expr | None]
_COLUMN = frozenset({"column"})
_BOUNDED = _COLUMN | {"min_value", "max_value", "strict_min", "strict_max"}
_SET = _COLUMN | {"value_set"}
EXPRESSIONS: Mapping[str, tuple[frozenset[str], Express]] = {
    "ExpectColumnValuesToNotBeNull": (_COLUMN, lambda values, arguments, dtype: values.is_null()),
    "ExpectColumnValuesToBeBetween": (_BOUNDED, _outside),
    "ExpectColumnValueLengthsToBeBetween": (_BOUNDED, _outside_lengths),
    "ExpectColumnValuesToMatchRegex": (_COLUMN | {"regex"}, _without_match),
    "ExpectColumnValuesToBeInSet": (_SET, _not_in_set),
    "ExpectColumnValuesToNotBeInSet": (_SET, _in_set),
    "ExpectColumnValuesToBeUnique": (
        _COLUMN,
        lambda values, arguments, dtype: values.is_duplicated() & values.is_not_null(),
    ),
    "ExpectCompoundColumnsToBeUnique": (frozenset({"column_list", "ignore_row_if"}), _repeated_together),
}
"""Expectation → the arguments whose meaning is known here, and its expression on the first column that it names.

``mostly`` is not a matter of rows, and is the library's.
"""
