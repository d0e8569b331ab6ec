"""Read times as instants in UTC. Contracts and features both use this module, so a time means the same to both."""

import re
from typing import Final

import pandas as pd

from ml_platform.errors import DataError

UTC: Final = "datetime64[us, UTC]"
"""One unit for every instant, so that times from different files can be compared and joined."""
ENDS_IN_A_ZONE = r"\d[T ]\d.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
"""An ISO 8601 time with an offset; a date has none."""
OFFSET_DIRECTIVE = re.compile(r"(?<!%)(?:%%)*%z")


def to_instants(values: pd.Series, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Return a column as instants in UTC; NaT where a value is missing or cannot be read.

    Parameters
    ----------
    values
        Timestamps, or text in `time_format` or ISO 8601, each with or without an offset. Numbers are read by
        `time_format` only.
    timezone
        Of times without an offset. Ambiguous local times (DST) resolve to the first occurrence, skipped ones to the
        first instant after the gap.
    """
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        if values.dt.tz is not None:
            instants: pd.Series = values.dt.tz_convert("UTC").astype(UTC)
            return instants
        return _from_local(values.astype("datetime64[us]"), timezone)
    if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(pd.NaT, index=values.index, name=values.name, dtype=UTC)
    text = values.astype("object").map(_text, na_action="ignore").astype("string")
    times: pd.Series = pd.to_datetime(text, format=time_format or "ISO8601", errors="coerce", utc=True).astype(UTC)
    # `utc=True` has read times without an offset as UTC.
    return times.where(_has_offset(text, time_format), _from_local(times.dt.tz_localize(None), timezone))


def read_instants(values: pd.Series, where: str, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Return a column as instants in UTC, as `to_instants` does; only missing values become NaT.

    Values that cannot be read as times are a DataError with their number and an example.
    """
    instants = to_instants(values, timezone=timezone, time_format=time_format)
    if (unread := instants.isna() & values.notna()).any():
        example = repr(_text(values[unread].iloc[0]))
        if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
            raise DataError(f"{where} holds numbers, such as {example}: say in 'time_format' how to read them")
        expected = f"the format '{time_format}'" if time_format else "an ISO 8601 time"
        raise DataError(f"{where}: {unread.sum():,} of {len(values):,} values are not {expected}: {example}")
    return instants


def _text(value: object) -> str:
    """Return 2013.0 as 2013: some readers turn whole numbers beside missing ones into floats."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _from_local(times: pd.Series, timezone: str) -> pd.Series:
    first = [True] * len(times)
    zoned = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    instants: pd.Series = zoned.dt.tz_convert("UTC").astype(UTC)
    return instants


def _has_offset(text: pd.Series, time_format: str | None) -> pd.Series:
    if time_format is not None:
        return pd.Series(OFFSET_DIRECTIVE.search(time_format) is not None, index=text.index)
    return text.str.contains(ENDS_IN_A_ZONE).fillna(False).astype(bool)
