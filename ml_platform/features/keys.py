"""Key columns: what names a row, the instant that it is about, and which rows share a key."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import DataError
from ml_platform.features.columns import require_columns
from ml_platform.features.settings import Entity
from ml_platform.instants import read_instants
from ml_platform.task import EVENT_TIME

MISSING_KEY = -1


def keys_and_event_time(frame: pd.DataFrame, entity: Entity, timezone: str) -> dict[str, pd.Series]:
    """Return the key columns and, where the entity has a time, ``event_time``: the instant of each row, in UTC."""
    require_columns(frame, entity.key, entity.table, "the entity's key")
    keys = {column: frame[column] for column in entity.key}
    return keys if entity.time is None else {**keys, EVENT_TIME: event_times(frame, entity, timezone)}


def event_times(frame: pd.DataFrame, entity: Entity, timezone: str) -> pd.Series:
    """Return the instant that each row is about, in UTC; a missing or unreadable one is a DataError."""
    column = entity.time or ""
    require_columns(frame, [column], entity.table, "the entity's time")
    where = f"column '{column}' of table '{entity.table}'"
    times = read_instants(frame[column], where, timezone=timezone, time_format=entity.time_format)
    if missing := int(times.isna().sum()):
        raise DataError(f"{where} is missing in {missing:,} of {len(times):,} rows")
    return times.rename(EVENT_TIME)


def key_codes(columns: Sequence[Sequence[pd.Series]]) -> NDArray[np.intp]:
    """Return a whole number per row, the same for rows with equal keys; `MISSING_KEY` where part of a key is missing.

    `columns` holds each key column's values in one or more tables, whose rows are taken one table after the other.
    """
    parts = [_concatenate(tables).rename(n) for n, tables in enumerate(columns)]
    codes = pd.concat(parts, axis=1).groupby(list(range(len(parts))), sort=False, dropna=True, observed=True).ngroup()
    numbers: NDArray[np.intp] = codes.fillna(MISSING_KEY).to_numpy().astype(np.intp)
    return numbers


def _concatenate(tables: Sequence[pd.Series]) -> pd.Series:
    """Concatenate without rounding: pandas makes floats of int64 beside float64 or uint64, which alters large keys."""
    filled = [values for values in tables if len(values)] or tables[:1]
    if len({values.dtype for values in filled}) > 1 and any(map(pd.api.types.is_numeric_dtype, filled)):
        filled = [values.astype("object") for values in filled]
    return pd.concat(filled, ignore_index=True)


def value_type(values: pd.Series) -> str | None:
    """Return what a column's values are, in words; None where all are missing. Values of two types are never equal."""
    known = values.dropna()
    if not len(known):
        return None
    value = known.iloc[0]
    if isinstance(value, datetime):
        return "times without a zone" if value.tzinfo is None else "times with a zone"
    if isinstance(value, Real | Decimal | np.bool_):
        return "numbers"
    if isinstance(value, date):
        return "dates"
    return "text" if isinstance(value, str) else type(value).__name__
