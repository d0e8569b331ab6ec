"""How times are read: the one place that says what a time without a zone means, for contracts and features alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

UTC: Final = "datetime64[us, UTC]"
"""One unit for every instant, so that times from different files can be compared and joined."""
ENDS_IN_A_ZONE = r"\d[T ]\d.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
"""How an ISO 8601 time says its offset; a date has none."""


def to_instants(values: pd.Series, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Return a column as instants in UTC, missing where a value is missing or cannot be read.

    A time without a zone is in `timezone`. Of an hour that the clock shows twice the first is meant, and a time that
    the clock skips is the first one after it. Text is read by `time_format`, or as ISO 8601, each value with an offset
    of its own where it has one. Numbers are read by `time_format` only.
    """
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        instants: pd.Series = values.dt.tz_convert("UTC") if values.dt.tz is not None else _from_local(values, timezone)
        return instants.astype(UTC)
    text = values.astype("object").map(_word, na_action="ignore").astype("string")
    if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(pd.NaT, index=values.index, name=values.name, dtype=UTC)
    times: pd.Series = pd.to_datetime(text, format=time_format or "ISO8601", errors="coerce", utc=True).astype(UTC)
    # Until here a time without an offset was taken for UTC.
    return times.where(_has_zone(text, time_format), _from_local(times.dt.tz_localize(None), timezone))


def _word(value: object) -> str:
    """Return 2013.0 as 2013: a column of whole numbers that has missing values is read as floats."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _from_local(times: pd.Series, timezone: str) -> pd.Series:
    first = [True] * len(times)
    zoned = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    instants: pd.Series = zoned.dt.tz_convert("UTC").astype(UTC)
    return instants


def _has_zone(text: pd.Series, time_format: str | None) -> pd.Series:
    import pandas as pd

    if time_format is not None:
        return pd.Series("%z" in time_format, index=text.index)
    return text.str.contains(ENDS_IN_A_ZONE).fillna(False).astype(bool)
