"""What names an entity row, and the instant that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.features.columns import require_columns
from ml_platform.features.instants import as_instants
from ml_platform.features.settings import Entity
from ml_platform.task import EVENT_TIME

if TYPE_CHECKING:
    import pandas as pd


def keys_and_event_time(frame: pd.DataFrame, entity: Entity, timezone: str) -> dict[str, pd.Series]:
    """Return the key columns and, where the entity has a time, ``event_time``: the instant of each row, in UTC."""
    require_columns(frame, entity.key, entity.table, "the entity's key")
    keys = {column: frame[column] for column in entity.key}
    return keys if entity.time is None else {**keys, EVENT_TIME: event_times(frame, entity, timezone)}


def event_times(frame: pd.DataFrame, entity: Entity, timezone: str) -> pd.Series:
    """Return the instant that each row is about, in UTC.

    Raises
    ------
    DataError
        When the entity's time is no column, cannot be read, or is missing in a row.
    """
    column = entity.time or ""
    require_columns(frame, [column], entity.table, "the entity's time")
    where = f"column '{column}' of table '{entity.table}'"
    times = as_instants(frame[column], where, timezone=timezone, time_format=entity.time_format)
    if missing := int(times.isna().sum()):
        raise DataError(f"{where} is missing in {missing:,} of {len(times):,} rows")
    return times.rename(EVENT_TIME)
