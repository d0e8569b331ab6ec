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
    from ml_platform.instants import to_instants

    times = to_instants(values, timezone=window.timezone, time_format=window.time_format)
    return values.isna() | ((times >= window.start) & (times < window.end))
