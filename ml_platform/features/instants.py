"""Instants in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ml_platform.errors import DataError
from ml_platform.features.columns import as_text

if TYPE_CHECKING:
    import pandas as pd

UTC: Final = "datetime64[us, UTC]"
"""One unit for every instant, so that times from different files can be compared and joined."""
ENDS_IN_A_ZONE = r"\d[T ]\d.*(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$"
"""How an ISO 8601 time says its offset; a date has none."""


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

    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _read(values, where, timezone, time_format)
    if values.dt.tz is None:
        return _from_local(values, timezone)
    instants: pd.Series = values.dt.tz_convert("UTC").astype(UTC)
    return instants


def _from_local(times: pd.Series, timezone: str) -> pd.Series:
    first = [True] * len(times)
    zoned = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    instants: pd.Series = zoned.dt.tz_convert("UTC").astype(UTC)
    return instants


def _read(values: pd.Series, where: str, timezone: str, time_format: str | None) -> pd.Series:
    """Read text and numbers; each value may have an offset of its own, as local times do over a summer."""
    import pandas as pd

    text = as_text(values).astype("string")
    if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
        raise DataError(f"{where} holds numbers, such as {_example(text)}: say in 'time_format' how to read them")
    times: pd.Series = pd.to_datetime(text, format=time_format or "ISO8601", errors="coerce", utc=True).astype(UTC)
    if (unread := times.isna() & text.notna()).any():
        expected = f"the format '{time_format}'" if time_format else "an ISO 8601 time"
        raise DataError(
            f"{where}: {unread.sum():,} of {len(values):,} values are not {expected}: {_example(text[unread])}"
        )
    # Until here a time without an offset was taken for UTC.
    instants: pd.Series = times.where(_has_zone(text, time_format), _from_local(times.dt.tz_localize(None), timezone))
    return instants


def _has_zone(text: pd.Series, time_format: str | None) -> pd.Series:
    import pandas as pd

    if time_format is not None:
        return pd.Series("%z" in time_format, index=text.index)
    return text.str.contains(ENDS_IN_A_ZONE).fillna(False).astype(bool)


def _example(text: pd.Series) -> str:
    return repr(text.dropna().iloc[0]) if text.notna().any() else "none"
