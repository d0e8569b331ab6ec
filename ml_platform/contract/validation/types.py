"""The logical types of a contract: which values of a Polars column are of one, and how its rules can compare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from functools import partial
from types import MappingProxyType

import polars as pl

from ml_platform.contract.contract import Column
from ml_platform.instants import to_instants

PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "string": "a string",
        "integer": "an integer",
        "number": "a finite number",
        "boolean": "a boolean",
        "timestamp": "a timestamp",
        "date": "a date",
        "time": "a time of day",
    }
)
MOMENT = pl.Datetime("us", "UTC")


def phrase(column: Column) -> str:
    """Return what each value of a column is: ``"a finite number"``, ``"a date written yyyy-MM-dd"``."""
    text = PHRASES[column.type]
    return text if column.text_format is None else f"{text} written {column.text_format[0]}"


def typed(column: Column, dtype: pl.DataType) -> pl.Expr | None:
    """Return a column's values in its logical type, missing where one is of another; None where all must be."""
    if dtype == pl.Null:
        return no_values(column)
    if column.text_format is not None:
        return _written(column, *column.text_format[1:]) if dtype == pl.String else None
    return _TYPES[column.type](pl.col(column.name), dtype, column)


def no_values(column: Column) -> pl.Expr:
    """Return a column of missing values, of the type that any value would have."""
    if column.type == "timestamp":
        return pl.lit(None, dtype=MOMENT if column.has_time_zone or column.default_time_zone else pl.Datetime("us"))
    return pl.lit(None, dtype=_EMPTY[column.type])


def _string(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    return values.cast(pl.String) if dtype in (pl.String, pl.Categorical, pl.Enum) else None


def _integer(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    if dtype.is_integer():
        return values if dtype in (pl.UInt64, pl.Int128) else values.cast(pl.Int64)
    # pandas has whole numbers as floats where some are missing
    is_whole = values == values.floor()
    return pl.when(is_whole).then(values.cast(pl.Int64, strict=False)) if dtype.is_numeric() else None


def _number(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    if dtype.is_float():
        return pl.when(values.is_finite()).then(values)
    return values if dtype.is_numeric() else None


def _boolean(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    return values if dtype == pl.Boolean else None


def _timestamp(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    return _in_zone(values, dtype.time_zone, column) if isinstance(dtype, pl.Datetime) else None


def _date(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    if isinstance(dtype, pl.Datetime):
        return pl.when(values.dt.time() == time()).then(values.dt.date())
    return values if dtype == pl.Date else None


def _time(values: pl.Expr, dtype: pl.DataType, column: Column) -> pl.Expr | None:
    return values if dtype == pl.Time else None


_EMPTY: Mapping[str, type[pl.DataType]] = MappingProxyType(
    {
        "string": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "boolean": pl.Boolean,
        "date": pl.Date,
        "time": pl.Time,
    }
)
_TYPES: Mapping[str, Callable[[pl.Expr, pl.DataType, Column], pl.Expr | None]] = MappingProxyType(
    {
        "string": _string,
        "integer": _integer,
        "number": _number,
        "boolean": _boolean,
        "timestamp": _timestamp,
        "date": _date,
        "time": _time,
    }
)


def _in_zone(times: pl.Expr, zone: str | None, column: Column) -> pl.Expr:
    """Return timestamps in UTC where their zone is stated; one without is read in the contract's default."""
    if zone is None and column.default_time_zone is not None:
        localize = partial(localized, timezone=column.default_time_zone)
        return times.map_batches(localize, return_dtype=MOMENT, is_elementwise=True)
    stated = zone is not None and (column.has_time_zone or column.default_time_zone)
    return times.dt.convert_time_zone("UTC") if stated else times


def localized(times: pl.Series, timezone: str) -> pl.Series:
    """Return times without a zone as instants in UTC."""
    return pl.Series(to_instants(times.to_pandas(), timezone=timezone), dtype=MOMENT)


def _written(column: Column, format_: str, regex: str) -> pl.Expr:
    """Return times that are written as text, missing where they are not written as the contract says."""
    text = pl.col(column.name)
    text = pl.when(text.str.contains(regex)).then(text)
    for part, default in _left_out(column, format_).items():
        format_, text = f"{part} {format_}", pl.lit(f"{default} ") + text
    if column.type != "timestamp":
        return text.str.strptime(pl.Date if column.type == "date" else pl.Time, format_, strict=False)
    zone = "UTC" if "%#z" in format_ else None
    return _in_zone(text.str.strptime(pl.Datetime("us", zone), format_, strict=False), zone, column)


def _left_out(column: Column, format_: str) -> dict[str, str]:
    """Return the parts that a format leaves out and Polars needs, with what they are then."""
    day = {} if column.type == "time" else {"%d": "01", "%m": "01"} | ({} if "%y" in format_ else {"%Y": "1970"})
    clock = {"%M": "00", "%H": "00"} if any(part in format_ for part in ("%H", "%M", "%S", "f")) else {}
    return {part: default for part, default in (day | clock).items() if part not in format_}
