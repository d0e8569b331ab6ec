"""Features that a date gives, unless they can only drift or say what a column says already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.features.calendar import in_timezone
from ml_platform.features.derivations import PREFIX
from ml_platform.features.settings import Kind
from ml_platform.partitions import Every
from ml_platform.predictive_power import codes_of

KINDS: Mapping[str, Kind] = {
    "year": "number",
    "month": "category",
    "weekday": "category",
    "hour": "number",
    "days_since": "number",
}
"""Entries of CALENDAR, and the kind of feature that they give."""
WITHIN: Mapping[Every | None, tuple[str, ...]] = {
    "day": ("hour",),
    "week": ("weekday", "hour"),
    "month": ("weekday", "hour"),
    "year": ("month", "weekday", "hour"),
    None: ("month", "weekday", "hour"),
}
"""What comes round within a partition: of the time that partitions a table, the rest can only drift."""
LATER = 0.05
"""Share of rows with a later date from which a date is suspicious: what comes later is not known yet."""
FOLLOWS = 0.8
"""Share of what a column can tell that the partition tells, from which the column says little else."""


@dataclass(frozen=True)
class DateFeature:
    """One feature of a date."""

    part: str
    kind: Kind
    sources: tuple[str, ...]

    @property
    def derive(self) -> str:
        """What YAML calls it."""
        return f"{PREFIX}{self.part}"


def date_features(
    frame: pd.DataFrame,
    column: str,
    *,
    time: str | None,
    every: Every | None,
    partition: NDArray[np.intp] | None,
    timezone: str,
    beside: Sequence[str],
) -> list[DateFeature]:
    """Return what to derive from a column of dates or times.

    Parameters
    ----------
    time
        The column with the event time, if there is one: days are counted until then.
    partition
        Number of each row's partition.
    beside
        The other inputs; what one of them says already is not derived again.
    """
    found = []
    said = {pd.factorize(frame[name])[0].tobytes() for name in beside}
    for part in WITHIN[every] if column == time else KINDS:
        until = (time,) if part == "days_since" and time is not None else ()
        sources = (column, *until)
        values = in_timezone(part, timezone)(*(frame[name] for name in sources))
        if values.nunique() < 2 or pd.factorize(values)[0].tobytes() in said:
            continue
        if partition is not None and column != time and follows_partition(values, KINDS[part], partition) >= FOLLOWS:
            continue
        found.append(DateFeature(part, KINDS[part], sources))
    return found


def share_after(frame: pd.DataFrame, column: str, time: str, timezone: str) -> float:
    """Return the share of rows in which a date lies a day or more after the event time, 0 to 1."""
    days = in_timezone("days_since", timezone)(frame[column], frame[time])
    return float((days < -1).mean())


def follows_partition(values: pd.Series, kind: str, partition: NDArray[np.intp]) -> float:
    """Return how much a column and the partition tell of each other, 0 to 1.

    It is their mutual information over the smaller of their entropies, less what chance gives (Miller 1955). Numbers
    are put into quantile bins.
    """
    codes = codes_of(values, kind)
    total, n_values, n_partitions = _entropy(np.bincount(codes)), len(np.unique(codes)), len(np.unique(partition))
    most = min(total, _entropy(np.bincount(partition)))
    if most == 0:
        return 0.0
    table = np.zeros((partition.max() + 1, codes.max() + 1))
    np.add.at(table, (partition, codes), 1)
    within = sum(row.sum() * _entropy(row) for row in table) / len(codes)
    by_chance = (n_values - 1) * (n_partitions - 1) / (2 * len(codes) * np.log(2))
    return float(np.clip((total - within - by_chance) / most, 0, 1))


def _entropy(counts: NDArray[np.number]) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())
