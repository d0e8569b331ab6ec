"""A table as it is given, a pandas frame or a scanned file: its columns in Polars, and the names of their types.

Whole numbers and dates stay as they are. A column of Python objects may hold anything, which a column of Polars cannot:
objects that are not of the contract's type are kept beside it.
"""

import datetime as dt
import math
import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

from ml_platform.errors import DataError

Table = pd.DataFrame | pl.LazyFrame
"""A pandas frame, or a scanned file."""
LARGEST = 2**127
"""Whole numbers beyond it fit into no column."""


@dataclass(frozen=True)
class GivenColumn:
    """The type of a column in Polars, its names (as Arrow has it), and the objects (by row) that are not of it."""

    dtype: pl.DataType
    type_names: tuple[str, ...]
    objects: Mapping[int, Any]


@dataclass(frozen=True)
class GivenTable:
    """The columns of a contract that are in a table once, and the names of all that are in it.

    A frame of pandas says less of its types than a file: whole numbers are floats where some are missing, decimals have
    no size.
    """

    frame: pl.LazyFrame
    names: tuple[str, ...]
    columns: Mapping[str, GivenColumn]
    is_pandas: bool

    def select(self, name: str, where: pl.Expr) -> dict[int, Any]:
        """Return the values of a column in some rows, by row."""
        rows = self.frame.select(where.arg_true()).collect().to_series().to_list()
        values = self.frame.select(pl.col(name).gather(rows)).collect().to_series().to_list()
        return dict(zip(rows, values, strict=True))


def collected(frame: pl.LazyFrame, source: str) -> pl.DataFrame:
    """Return the rows of a scanned table, or raise `DataError` when its file cannot be read."""
    try:
        return frame.collect(engine="streaming")
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{source} cannot be read: {error}") from error


def given_table(columns: Mapping[str, str], table: Table) -> GivenTable:
    """Return a table as it is given, without other columns than these, which have each a logical type."""
    given: dict[str, GivenColumn] = {}
    if isinstance(table, pl.LazyFrame):
        schema = table.collect_schema()
        given = {name: GivenColumn(schema[name], type_names(schema[name]), {}) for name in columns if name in schema}
        n_rows = 0 if given else table.select(pl.len()).collect().item()
        frame = table.select(list(given)) if given else pl.DataFrame(height=n_rows).lazy()
        return GivenTable(_missing_for_nan(frame), tuple(schema), given, is_pandas=False)
    names = tuple(str(name) for name in table.columns)
    series: dict[str, pl.Series] = {}
    for name, type_ in columns.items():
        if names.count(name) == 1:
            series[name], found, objects = _from_pandas(type_, table.iloc[:, names.index(name)])
            given[name] = GivenColumn(series[name].dtype, (found,), objects)
    frame = pl.DataFrame(series or None, height=len(table)).lazy()
    return GivenTable(_missing_for_nan(frame), names, given, is_pandas=True)


def _missing_for_nan(frame: pl.LazyFrame) -> pl.LazyFrame:
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def type_names(dtype: pl.DataType) -> tuple[str, ...]:
    """Return what Arrow, and so a contract, may call a type."""
    name = _type_name(pl.Series([], dtype=dtype).to_arrow().type)
    # Parquet has no seconds: they are stored as milliseconds
    return (name, name.replace("[ms", "[s")) if isinstance(dtype, pl.Datetime) else (name,)


def _type_name(type_: pa.DataType) -> str:
    """Return the name of an Arrow type as messages and contracts have it."""
    if pa.types.is_dictionary(type_):
        return _type_name(type_.value_type)
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return "string"
    return {"double": "float64", "float": "float32", "halffloat": "float16"}.get(str(type_), str(type_))


def _from_pandas(type_: str, values: pd.Series) -> tuple[pl.Series, str, Mapping[int, Any]]:
    """Return a column in Polars, the name of its type, and its objects of another type."""
    if isinstance(values.dtype, pd.CategoricalDtype | pd.PeriodDtype | pd.IntervalDtype | pd.SparseDtype):
        values = values.astype(object)
    if not _has_dates_and_timestamps(values):
        try:
            array = pa.array(values, from_pandas=True)
            if not (values.dtype == object and type_ == "integer" and pa.types.is_floating(array.type)):
                return _to_polars(array), _type_name(array.type), {}
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            pass  # of several types
    return _from_objects(type_, values.astype(object).reset_index(drop=True))


def _has_dates_and_timestamps(values: pd.Series) -> bool:
    """Whether both stand in one column: Arrow would drop the time of day."""
    if values.dtype != object or pd.api.types.infer_dtype(values, skipna=True) != "date":
        return False
    return bool(values.map(lambda value: isinstance(value, dt.datetime)).any())


def _to_polars(array: Any) -> pl.Series:
    if pa.types.is_decimal256(array.type):
        raise pa.ArrowInvalid("Polars has no decimals of more than 38 digits")
    if pa.types.is_timestamp(array.type) and (array.type.tz or "").startswith(("+", "-")):
        array = array.cast(pa.timestamp(array.type.unit, "UTC"))
    return pl.Series(values=pl.from_arrow(array))


def _from_objects(type_: str, values: pd.Series) -> tuple[pl.Series, str, Mapping[int, Any]]:
    is_right, convert = OBJECTS[type_]
    present = values.notna()
    right = present & values.map(is_right).astype(bool)
    kept = [convert(value) if keep else None for value, keep in zip(values, right, strict=True)]
    others = {row: values.iat[row] for row, wrong in enumerate(present & ~right) if wrong}
    return pl.Series(kept, strict=False), "object", others


def _is_number(value: Any) -> bool:
    is_real = isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool)
    return is_real and math.isfinite(value) and abs(value) < LARGEST


def _is_date(value: Any) -> bool:
    at_midnight = not isinstance(value, dt.datetime) or value.time() == dt.time()
    return isinstance(value, dt.date) and at_midnight


OBJECTS: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    "string": (lambda value: isinstance(value, str), str),
    "integer": (lambda value: _is_number(value) and value == math.floor(value), int),
    "number": (_is_number, float),
    "boolean": (lambda value: isinstance(value, bool), bool),
    "timestamp": (lambda value: isinstance(value, dt.datetime), lambda value: value),
    "date": (_is_date, lambda value: dt.date(value.year, value.month, value.day)),
    "time": (lambda value: isinstance(value, dt.time), lambda value: value),
}
"""Logical type → whether an object is of it, and that object as Polars is given it."""
