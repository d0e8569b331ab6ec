"""Which rows lie inside a partition's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.contract.contract import Window

if TYPE_CHECKING:
    import pandas as pd


def inside(window: Window, values: pd.Series) -> pd.Series:
    """Return one boolean per row; a value that cannot be read as a time is outside, a missing one inside.

    (A missing time is for the column's own rule to find: the row is quarantined and reaches no partition.)
    """
    times = moments(window, values)
    return values.isna() | ((times >= window.start) & (times < window.end))


def moments(window: Window, values: pd.Series) -> pd.Series:
    """Return the values as moments in UTC, NaT where they cannot be read; a time without a zone is in the window's."""
    import numpy as np
    import pandas as pd

    is_time = pd.api.types.is_datetime64_any_dtype(values.dtype)
    if window.time_format is not None and not is_time:
        whole = values.astype("Int64") if pd.api.types.is_float_dtype(values.dtype) else values
        values = pd.to_datetime(whole.astype("string"), format=window.time_format, errors="coerce")
    elif not is_time:
        values = pd.to_datetime(values, errors="coerce")
    if values.dt.tz is None:
        summer = np.ones(len(values), dtype=bool)  # of an hour that is there twice, the first
        values = values.dt.tz_localize(window.timezone, ambiguous=summer, nonexistent="shift_forward")
    moment: pd.Series = values.dt.tz_convert("UTC")
    return moment
