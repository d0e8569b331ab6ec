"""What a contract's expectations need to know of a table, as Polars expressions: all of them are counted in one pass.

An expression marks the rows that break the rule, and never a row whose value is missing. It must mark the same rows as
Great Expectations does on pandas; what cannot be promised to (a type that the two compare differently, an argument that
is not named here) has no expression, and is left to that library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ml_platform.contract.expectations import Expectation

if TYPE_CHECKING:
    import polars as pl

Schema = Mapping[str, "pl.DataType"]
LARGEST_EXACT = 2**53
"""Whole numbers up to here are exact as floats."""
YEARS = range(1700, 2260)
"""Years that fit into nanoseconds of 64 bits."""


def broken_rows(asked: Expectation, schema: Schema) -> pl.Expr | None:
    """Return which rows break a rule; None when only Great Expectations can say."""
    stated = COLUMN_ARGUMENTS.get(asked.name)
    if asked.name not in MEASURES or stated is None or not asked.arguments.keys() <= stated:
        return None
    columns = asked.arguments.get("column_list") or [asked.arguments["column"]]
    if not all(column in schema for column in columns):
        return None
    return MEASURES[asked.name](asked.arguments, schema)


def _null(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr:
    import polars as pl

    return pl.col(arguments["column"]).is_null()


def _outside(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    import polars as pl

    column, dtype = pl.col(arguments["column"]), schema[arguments["column"]]
    lower: Any = arguments.get("min_value")
    upper: Any = arguments.get("max_value")
    stated = [bound for bound in (lower, upper) if bound is not None]
    if not stated or not all(_comparable(bound, dtype) for bound in stated) or (len(stated) == 2 and lower > upper):
        return None
    if isinstance(dtype, pl.Datetime):
        column = column.dt.convert_time_zone("UTC")
    return _outside_bounds(column, arguments)


def _outside_lengths(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    import polars as pl

    stated = [arguments[name] for name in ("min_value", "max_value") if arguments.get(name) is not None]
    if schema[arguments["column"]] != pl.String or not stated or not all(type(bound) is int for bound in stated):
        return None
    return _outside_bounds(pl.col(arguments["column"]).str.len_chars().cast(pl.Int64), arguments)


def _outside_bounds(value: pl.Expr, arguments: Mapping[str, Any]) -> pl.Expr:
    import polars as pl

    lower, upper = (_literal(arguments.get(name)) for name in ("min_value", "max_value"))
    outside = pl.lit(False)
    if lower is not None:
        outside |= value <= lower if arguments.get("strict_min") else value < lower
    if upper is not None:
        outside |= value >= upper if arguments.get("strict_max") else value > upper
    return outside


def _literal(bound: Any) -> Any:
    return bound.astimezone(UTC) if isinstance(bound, datetime) else bound


def _comparable(value: Any, dtype: pl.DataType) -> bool:
    """Whether Polars compares a column with a value exactly as pandas does."""
    import polars as pl

    if dtype in (pl.Int64, pl.Float64):
        return type(value) in (int, float) and abs(value) <= LARGEST_EXACT  # false for NaN too
    if isinstance(dtype, pl.Datetime):
        aware = isinstance(value, datetime) and value.tzinfo is not None
        return aware and dtype.time_zone is not None and value.year in YEARS
    return False


def _without_match(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    import polars as pl

    if schema[arguments["column"]] != pl.String:
        return None
    search = partial(_searched, regex=arguments["regex"])
    return ~pl.col(arguments["column"]).map_batches(search, return_dtype=pl.Boolean, is_elementwise=True)


def _searched(values: pl.Series, regex: str) -> pl.Series:
    """Search each different value once, by Python's own rules: `$` and look-around mean other things to Rust."""
    import polars as pl

    compiled = re.compile(regex)
    matching = [value for value in values.drop_nulls().unique() if compiled.search(value)]
    return values.is_in(pl.Series(matching, dtype=pl.String).implode())


def _not_in_set(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    inside = _in_set(arguments, schema)
    return None if inside is None else ~inside


def _in_set(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    import polars as pl

    dtype, values = schema[arguments["column"]], arguments["value_set"]
    if not values or not all(_equatable(value, dtype) for value in values):
        return None
    return pl.col(arguments["column"]).is_in(pl.Series(values, dtype=dtype).implode())


def _equatable(value: Any, dtype: pl.DataType) -> bool:
    import polars as pl

    if dtype == pl.Float64:
        return type(value) in (int, float) and abs(value) <= LARGEST_EXACT
    if dtype == pl.Int64:
        return type(value) is int and abs(value) <= LARGEST_EXACT
    return (dtype == pl.String and type(value) is str) or (dtype == pl.Boolean and type(value) is bool)


def _repeated(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr:
    import polars as pl

    column = pl.col(arguments["column"])
    return column.is_duplicated() & column.is_not_null()


def _repeated_together(arguments: Mapping[str, Any], schema: Schema) -> pl.Expr | None:
    import polars as pl

    if arguments.get("ignore_row_if") != "any_value_is_missing":
        return None
    columns = [pl.col(name) for name in arguments["column_list"]]
    return pl.struct(columns).is_duplicated() & pl.all_horizontal(column.is_not_null() for column in columns)


BOUNDED = frozenset({"column", "min_value", "max_value", "strict_min", "strict_max"})
SET = frozenset({"column", "value_set"})
COLUMN_ARGUMENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ExpectColumnValuesToNotBeNull": frozenset({"column"}),
        "ExpectColumnValuesToBeBetween": BOUNDED,
        "ExpectColumnValueLengthsToBeBetween": BOUNDED,
        "ExpectColumnValuesToMatchRegex": frozenset({"column", "regex"}),
        "ExpectColumnValuesToBeInSet": SET,
        "ExpectColumnValuesToNotBeInSet": SET,
        "ExpectColumnValuesToBeUnique": frozenset({"column"}),
        "ExpectCompoundColumnsToBeUnique": frozenset({"column_list", "ignore_row_if"}),
    }
)
"""Expectation → the arguments whose meaning is known here; ``mostly`` is not a matter of rows, and is the library's."""
MEASURES: Mapping[str, Callable[[Mapping[str, Any], Schema], pl.Expr | None]] = MappingProxyType(
    {
        "ExpectColumnValuesToNotBeNull": _null,
        "ExpectColumnValuesToBeBetween": _outside,
        "ExpectColumnValueLengthsToBeBetween": _outside_lengths,
        "ExpectColumnValuesToMatchRegex": _without_match,
        "ExpectColumnValuesToBeInSet": _not_in_set,
        "ExpectColumnValuesToNotBeInSet": _in_set,
        "ExpectColumnValuesToBeUnique": _repeated,
        "ExpectCompoundColumnsToBeUnique": _repeated_together,
    }
)
"""Expectation → its expression."""
