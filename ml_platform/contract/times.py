"""Columns of times as pandas can compare them, whether they are stored as times or written as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.contract.contract import Column

if TYPE_CHECKING:
    import pandas as pd

FIRST_DAY = "1970-01-01T"
"""pandas has no time of day: it is given one of the first day of its calendar."""


def moments(column: Column, values: pd.Series) -> pd.Series:
    """Return timestamps, dates or times of day as ``datetime64``, in UTC where their zone is stated."""
    import pandas as pd

    if column.text_format is not None:
        return _in_zone(column, read_text(column, values))
    if column.type == "time":
        return pd.to_datetime(FIRST_DAY + values.astype("string"), format="ISO8601")
    return _in_zone(column, pd.to_datetime(values, utc=column.type == "timestamp" and bool(column.has_time_zone)))


def read_text(column: Column, values: pd.Series) -> pd.Series:
    """Return times that are written as text, NaT where they are not written as the contract says."""
    import pandas as pd

    assert column.text_format is not None
    _, format_, regex = column.text_format
    text = values.where(values.map(lambda value: isinstance(value, str)), None).astype("string")
    text = text.where(text.str.fullmatch(regex).fillna(False).astype(bool))
    if column.type == "time":
        text, format_ = FIRST_DAY + text, f"%Y-%m-%dT{format_}"
    read: pd.Series = pd.to_datetime(text, format=format_, errors="coerce", utc="%z" in format_)
    return read


def _in_zone(column: Column, times: pd.Series) -> pd.Series:
    """Return the times with the zone that the contract reads them in; of an hour that is there twice, the first."""
    import numpy as np

    if column.default_time_zone is None or times.dt.tz is not None:
        return times
    first = np.ones(len(times), dtype=bool)
    zoned = times.dt.tz_localize(column.default_time_zone, ambiguous=first, nonexistent="shift_forward")
    in_utc: pd.Series = zoned.dt.tz_convert("UTC")
    return in_utc
