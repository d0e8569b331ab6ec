"""Hold the columns of a frame against the types of a contract, before Great Expectations sees them.

It raises without counts on a column of mixed types, so wrongly typed values are found here and blanked out for it.
A blanked value counts as missing where the share of missing values is bounded.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ml_platform.contract.contract import Column, Contract
from ml_platform.contract.physical_types import mismatch
from ml_platform.contract.times import moments, read_text
from ml_platform.contract.values import shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LogicalType:
    """How a logical type looks in pandas.

    ``kinds`` are the answers of ``pandas.api.types.infer_dtype`` that mean every value is of the type; ``holds``
    decides for one value of a column of mixed types.
    """

    phrase: str
    kinds: frozenset[str]
    holds: Callable[[Any], bool]


def _is_integer(value: Any) -> bool:
    return _is_number(value) and value == math.floor(value)


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, numbers.Real) and math.isfinite(value)


TYPES: Mapping[str, LogicalType] = MappingProxyType(
    {
        "string": LogicalType("a string", frozenset({"string"}), lambda value: isinstance(value, str)),
        "integer": LogicalType("an integer", frozenset({"integer"}), _is_integer),
        "number": LogicalType("a finite number", frozenset({"integer"}), _is_number),
        "boolean": LogicalType("a boolean", frozenset({"boolean"}), lambda value: isinstance(value, bool)),
        "timestamp": LogicalType(
            "a timestamp", frozenset({"datetime64", "datetime"}), lambda value: isinstance(value, dt.datetime)
        ),
        "date": LogicalType("a date", frozenset({"date", "datetime64"}), lambda value: isinstance(value, dt.date)),
        "time": LogicalType("a time of day", frozenset({"time"}), lambda value: isinstance(value, dt.time)),
    }
)


@dataclass(frozen=True)
class Reading:
    """A frame as far as its contract's types could be read in it.

    Attributes
    ----------
    frame
        The columns of the contract that could be read, rows numbered from 0, wrongly typed values blanked out.
    wrong
        Column → position → value, of the wrongly typed ones.
    unread
        Column of the contract → why it is not in ``frame``: missing, twice there, or of another type.
    retyped
        Column of the contract → what it is instead of its physical type; its values could be read all the same.
    unexpected
        Columns that the contract does not name.
    """

    frame: pd.DataFrame
    wrong: Mapping[str, Mapping[int, Any]]
    unread: dict[str, str]
    retyped: dict[str, str]
    unexpected: tuple[str, ...]

    def has(self, *columns: str) -> bool:
        """Whether all of these columns of the contract could be read."""
        return not any(column in self.unread for column in columns)


def read_frame(contract: Contract, frame: pd.DataFrame, source: str) -> Reading:
    """Read every column of the contract that is there and of its type; ``source`` names the file and its size."""
    import pandas as pd

    frame = frame.reset_index(drop=True)
    present = [str(name) for name in frame.columns]
    series: dict[str, pd.Series] = {}
    wrong: dict[str, dict[int, Any]] = {}
    unread: dict[str, str] = {}
    retyped: dict[str, str] = {}
    for name, column in contract.columns.items():
        if present.count(name) != 1:
            unread[name] = _absence(name, present, contract, source)
            continue
        values = frame[name]
        mistyped = wrong_values(column, values)
        if why := _other_type(column, values, mistyped):
            unread[name] = f"{why}, in {source}"
            continue
        if column.physical_type and (why := mismatch(column.physical_type, values)):
            retyped[name] = f"{why}, in {source}"
        series[name] = _blanked(column, values, mistyped)
        if mistyped.any():
            positions = [int(row) for row in mistyped.to_numpy().nonzero()[0]]
            wrong[name] = {row: values.iat[row] for row in positions}
    unexpected = tuple(dict.fromkeys(name for name in present if name not in contract.columns))
    return Reading(pd.DataFrame(series, index=frame.index), wrong, unread, retyped, unexpected)


def phrase(column: Column) -> str:
    """Return what each value of a column is: ``"a finite number"``, ``"a date written yyyy-MM-dd"``."""
    text = TYPES[column.type].phrase
    return text if column.text_format is None else f"{text} written {column.text_format[0]}"


def wrong_values(column: Column, values: pd.Series) -> pd.Series:
    """Return which values are there and not of the column's type (boolean, one per row)."""
    import numpy as np
    import pandas as pd

    if column.text_format is not None:
        return values.notna() & read_text(column, values).isna()
    kind = pd.api.types.infer_dtype(values, skipna=True)
    present = values.notna()
    if kind in TYPES[column.type].kinds or not present.any():
        return pd.Series(False, index=values.index)
    if kind == "floating" and column.type in ("integer", "number") and values.dtype != object:
        numbers_ = values.to_numpy(dtype="float64", na_value=np.nan)
        right = np.isfinite(numbers_) & ((column.type == "number") | (np.floor(numbers_) == numbers_))
    else:
        right = values.astype(object).map(TYPES[column.type].holds).to_numpy(dtype=bool)
    wrong: pd.Series = present & ~right
    return wrong


def _other_type(column: Column, values: pd.Series, mistyped: pd.Series) -> str:
    """Say how the whole column is of another type; empty when it is not."""
    import pandas as pd

    expected = f"expected {phrase(column)}"
    dtype, n_present = str(values.dtype), int(values.notna().sum())
    if n_present == 0:
        return ""  # of no type; that values are missing is for other rules
    if int(mistyped.sum()) == n_present:
        example = f"row {values.first_valid_index()!s}: {shown(values.dropna().iloc[0])}"
        return f"is {dtype}, {expected} ({example})"
    whole_floats = column.type == "integer" and pd.api.types.is_float_dtype(values.dtype)
    if whole_floats and column.required and n_present == len(values):
        # pandas reads integers as floats where some are missing, but none is
        return f"is {dtype}, {expected}"
    is_time = pd.api.types.is_datetime64_any_dtype(values.dtype)
    if is_time and column.has_time_zone is not None and (values.dt.tz is not None) != column.has_time_zone:
        return f"is {dtype}, {expected} {'with' if column.has_time_zone else 'without'} a time zone"
    return ""


def _absence(name: str, present: list[str], contract: Contract, source: str) -> str:
    if name in present:
        return f"is there {present.count(name)} times in {source}"
    close = get_close_matches(name, [other for other in present if other not in contract.columns], n=1, cutoff=0.5)
    guess = f" Did you mean '{close[0]}'?" if close else ""
    return f"is not in {source}. Columns: {', '.join(present)}.{guess}"


def _blanked(column: Column, values: pd.Series, mistyped: pd.Series) -> pd.Series:
    """Return the column in the one dtype that its rules can be run on."""
    import pandas as pd

    if mistyped.any():
        values = values.mask(mistyped)
    if column.type in ("integer", "number"):
        return pd.to_numeric(values) if values.notna().any() else values.astype("float64")
    if column.text_format is not None or column.type in ("timestamp", "date", "time"):
        return moments(column, values)
    return values.astype(object)


QUERY_TYPES: Mapping[str, str] = MappingProxyType({"integer": "Int64", "number": "Float64"})
"""Logical type → the dtype with missing values that a query is given."""


def typed(contract: Contract, frame: pd.DataFrame) -> pd.DataFrame:
    """Return what could be read of a table, each column in the type of its contract whatever is missing in it."""
    types = {name: contract.columns[name].type for name in frame.columns}
    return frame.astype({name: QUERY_TYPES[type_] for name, type_ in types.items() if type_ in QUERY_TYPES})
