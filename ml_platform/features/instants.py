"""Instants in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.features.columns import as_text
from ml_platform.instants import to_instants

if TYPE_CHECKING:
    import pandas as pd


def as_instants(values: pd.Series, where: str, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Return a column as instants in UTC, read as `to_instants` reads it, missing ones staying missing.

    Raises
    ------
    DataError
        When values cannot be read as times, with their number and an example.
    """
    import pandas as pd

    instants = to_instants(values, timezone=timezone, time_format=time_format)
    if (unread := instants.isna() & values.notna()).any():
        example = repr(as_text(values[unread]).iloc[0])
        if time_format is None and pd.api.types.is_numeric_dtype(values.dtype):
            raise DataError(f"{where} holds numbers, such as {example}: say in 'time_format' how to read them")
        expected = f"the format '{time_format}'" if time_format else "an ISO 8601 time"
        raise DataError(f"{where}: {unread.sum():,} of {len(values):,} values are not {expected}: {example}")
    return instants
