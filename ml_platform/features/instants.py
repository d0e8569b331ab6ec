"""Instants in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

UTC = "datetime64[us, UTC]"
"""One unit for every instant, so that times from different files can be compared and joined."""


def as_instants(values: pd.Series, where: str, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Return a column as instants in UTC, missing ones staying missing.

    A time without a zone is in `timezone`. Of an hour that the clock shows twice the first is meant, and a time that
    the clock skips is the first one after it; the contract reads times the same way.

    Raises
    ------
    DataError
        When values cannot be read as times, with their number and an example.
    """
    import pandas as pd

    times = values if pd.api.types.is_datetime64_any_dtype(values.dtype) else _parse(values, where, time_format)
    if times.dt.tz is None:
        first = [True] * len(times)
        times = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    instants: pd.Series = times.dt.tz_convert("UTC").astype(UTC)
    return instants


def _parse(values: pd.Series, where: str, time_format: str | None) -> pd.Series:
    import pandas as pd

    whole = values.astype("Int64") if pd.api.types.is_float_dtype(values.dtype) else values
    text = whole.astype("string")
    if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
        raise DataError(f"{where} holds numbers, such as {_example(text)}: say in 'time_format' how to read them")
    times = pd.to_datetime(text, format=time_format or "ISO8601", errors="coerce")
    if (unread := times.isna() & values.notna()).any():
        expected = f"the format '{time_format}'" if time_format else "an ISO 8601 time"
        raise DataError(
            f"{where}: {unread.sum():,} of {len(values):,} values are not {expected}: {_example(text[unread])}"
        )
    return times


def _example(text: pd.Series) -> str:
    return repr(text.dropna().iloc[0]) if text.notna().any() else "none"
