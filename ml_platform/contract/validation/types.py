"""The types of a contract: which values of a given column are of one, and how rules and references compare them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

import polars as pl

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Column
from ml_platform.contract.validation.given import GivenTable, Table, collected, given_table
from ml_platform.errors import ContractError
from ml_platform.instants import to_instants

MOMENT = pl.Datetime("us", "UTC")
TYPES: Mapping[str, tuple[str, pl.DataType]] = {
    "string": ("a string", pl.String()),
    "integer": ("an integer", pl.Int64()),
    "number": ("a finite number", pl.Float64()),
    "boolean": ("a boolean", pl.Boolean()),
    "timestamp": ("a timestamp", pl.Datetime("us")),
    "date": ("a date", pl.Date()),
    "time": ("a time of day", pl.Time()),
}
"""Logical type → what each value is, and the type of a column without values."""


def phrase(column: Column) -> str:
    """Return what each value of a column is: ``"a finite number"``, ``"a date written yyyy-MM-dd"``."""
    text = TYPES[column.type][0]
    return text if column.text_format is None else f"{text} written {column.text_format[0]}"


def no_values(column: Column) -> pl.Expr:
    """Return a column of missing values, of the type that any value would have."""
    zoned = column.type == "timestamp" and (column.has_time_zone or column.default_time_zone)
    return pl.lit(None, dtype=MOMENT if zoned else TYPES[column.type][1])


def typed(column: Column, dtype: pl.DataType) -> pl.Expr | None:
    """Return a column's values in its logical type, missing where one is of another; None where all must be."""
    if dtype == pl.Null:
        return no_values(column)
    if column.text_format is not None:
        return _written(column, *column.text_format[1:]) if dtype == pl.String else None
    values, found = pl.col(column.name), None
    match column.type:
        case "string" if dtype in (pl.String, pl.Categorical, pl.Enum):
            found = values.cast(pl.String)
        case "integer" if dtype.is_integer():
            found = values if dtype in (pl.UInt64, pl.Int128) else values.cast(pl.Int64)
        case "integer" if dtype.is_numeric():  # pandas has whole numbers as floats where some are missing
            found = pl.when(values == values.floor()).then(values.cast(pl.Int64, strict=False))
        case "number" if dtype.is_numeric():
            found = pl.when(values.is_finite()).then(values) if dtype.is_float() else values
        case "timestamp" if dtype == pl.Date and not column.has_time_zone:
            found = _in_zone(values.cast(pl.Datetime("us")), None, column)
        case "timestamp" if isinstance(dtype, pl.Datetime):
            found = _in_zone(values, dtype.time_zone, column)
        case "date" if isinstance(dtype, pl.Datetime):
            found = pl.when(values.dt.time() == time()).then(values.dt.date())
        case "boolean" | "date" | "time" if dtype == TYPES[column.type][1]:
            found = values
    return found


def _in_zone(times: pl.Expr, zone: str | None, column: Column) -> pl.Expr:
    """Return timestamps in UTC where their zone is stated; one without is read in the contract's default."""
    if zone is None and column.default_time_zone is not None:
        return localized(times, column.default_time_zone)
    stated = zone is not None and (column.has_time_zone or column.default_time_zone)
    return times.dt.convert_time_zone("UTC") if stated else times


def localized(times: pl.Expr, timezone: str) -> pl.Expr:
    """Return times without a zone as instants in UTC."""

    def localize(values: pl.Series) -> pl.Series:
        return pl.Series(to_instants(values.to_pandas(), timezone=timezone), dtype=MOMENT)

    return times.map_batches(localize, return_dtype=MOMENT, is_elementwise=True)


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


def found_in(
    own: pl.LazyFrame, columns: Mapping[str, Column], targets: Mapping[str, str], other: Table | None, source: str
) -> pl.Expr | None:
    """Return which rows are found in another table (None: in their own), missing where a value is.

    Both sides are read alike: a date that is written as text is a date on both. `targets` has for each column the one
    that it refers to. None when types do not compare; raises `ContractError` when there is no such column.
    """
    theirs = own if other is None else _read_as(columns, targets, other, source)
    schema, other_schema = own.collect_schema(), {} if theirs is None else theirs.collect_schema()
    casts: list[tuple[pl.Expr, pl.Expr]] = []
    for name, target in targets.items():
        common = _common_type(schema[name], other_schema[target]) if target in other_schema else None
        if common is None:
            return None
        casts.append((pl.col(name).cast(common), pl.col(target).cast(common).alias(name)))
    assert theirs is not None
    known = collected(theirs.select(target for _, target in casts).drop_nulls().unique(), source).to_struct()
    present = pl.all_horizontal(pl.col(name).is_not_null() for name in targets)
    return pl.when(present).then(pl.struct(value for value, _ in casts).is_in(known.implode()))


def _read_as(
    columns: Mapping[str, Column], targets: Mapping[str, str], table: Table, source: str
) -> pl.LazyFrame | None:
    own = {target: replace(columns[name], name=target) for name, target in targets.items()}
    given, read = given_table({name: column.stored_type for name, column in own.items()}, table), {}
    for name, column in own.items():
        if name not in given.columns:
            raise ContractError(f"{source} has no column '{name}'. {did_you_mean(name, given.names)}")
        dtype = given.columns[name].dtype
        expression = typed(column if dtype == pl.String else replace(column, text_format=None), dtype)
        if expression is None:
            return None
        read[name] = expression
    return given.frame.select(**read)


def _common_type(own: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    """Return the type in which values of two types compare exactly; None when there is none."""
    if own == other:
        return own
    if own.is_integer() and other.is_integer():
        return pl.Int128()
    if own.is_numeric() and other.is_numeric():
        return pl.Float64()
    if isinstance(own, pl.Datetime) and isinstance(other, pl.Datetime) and own.time_zone == other.time_zone:
        return pl.Datetime("ns" if "ns" in (own.time_unit, other.time_unit) else "us", own.time_zone)
    return None


def other_type(column: Column, given: GivenTable, n_typed: int) -> str:
    """Say how the whole column is of another type; empty when it is not."""
    found = given.columns[column.name]
    text = f"is {found.type_names[0]}, expected {phrase(column)}"
    if not n_typed:
        first = pl.col(column.name).is_not_null() & pl.col(column.name).is_not_null().cum_sum().eq(1)
        row, value = min([*given.select(column.name, first).items(), *found.objects.items()], key=lambda item: item[0])
        return f"{text} (row {row}: {column.shown(value)})"
    if isinstance(found.dtype, pl.Datetime) and column.has_time_zone not in (None, found.dtype.time_zone is not None):
        return f"{text} {'with' if column.has_time_zone else 'without'} a time zone"
    return ""
