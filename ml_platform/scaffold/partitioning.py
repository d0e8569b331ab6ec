"""Choose the time windows that a table is partitioned into."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import DataError
from ml_platform.partitions import KEY_FORMATS, Every, Partitions

PERIODS: dict[Every, str] = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
"""Windows → pandas' name of them; a week ends on Sunday, as `Partitions` has it."""
FEWEST, DOZEN, MOST = 5, 12, 60
ENOUGH_ROWS = 200
"""With fewer rows a drift report says nothing (`drift.min_rows`)."""


@dataclass(frozen=True)
class Partitioning:
    """A partitioned table."""

    partitions: Partitions
    rows: Mapping[str, list[int]]
    """Key of each partition that has rows → their positions, in order."""
    holes: tuple[str, ...]
    """Keys between the first and the last that have no rows."""

    @property
    def counts(self) -> list[int]:
        """Number of rows of each partition."""
        return [len(positions) for positions in self.rows.values()]

    @property
    def codes(self) -> NDArray[np.intp]:
        """Number of each row's partition, in the order of the table."""
        found = np.empty(sum(self.counts), dtype=np.intp)
        for code, positions in enumerate(self.rows.values()):
            found[positions] = code
        return found

    def longest_run(self) -> list[str]:
        """Return the keys of the longest stretch without a hole, the latest of equals."""
        best: list[str] = []
        run: list[str] = []
        for key in self.rows:
            follows = bool(run) and self.partitions.shift(run[-1], 1) == key
            run = [*run, key] if follows else [key]
            best = run if len(run) >= len(best) else best
        return best

    def training_window(self, n_rows: int) -> int:
        """Return the number of partitions to train on: enough for `n_rows`, and fewer than the longest run has."""
        run = self.longest_run()
        wanted = max(3, math.ceil(n_rows / min(len(self.rows[key]) for key in run)))
        return max(1, min(wanted, len(run) - 1))


def choose_partitioning(
    instants: pd.Series, timezone: str, name: str, every: Every | None = None
) -> Partitioning | None:
    """Return the partitioning into about a dozen large windows without holes; None when none is sensible.

    `instants` are of each row, in UTC; a missing one is a DataError. `every` is what a person states.
    """
    if without := int(instants.isna().sum()):
        first = int(instants.isna().to_numpy().argmax())
        raise DataError(
            f"column '{name}': {without:,} of {len(instants):,} rows, such as row {first + 1}, have no time, so there "
            "is no partition that they belong to. Leave them out, give them one, or do without --time"
        )
    if every is not None:
        return _by(every, instants, timezone)
    found = [_by(one, instants, timezone) for one in PERIODS]
    # A model is trained on windows that follow each other: a table with a row every fifth year is not partitioned.
    sensible = [one for one in found if len(one.longest_run()) >= max(2, len(one.rows) / 2)]
    return max(sensible, key=_merit, default=None)


def _by(every: Every, instants: pd.Series, timezone: str) -> Partitioning:
    starts = window_starts(instants, every, timezone)
    key_format = KEY_FORMATS[every]
    keys = starts.dt.strftime(key_format)
    rows = {str(key): sorted(positions) for key, positions in sorted(keys.groupby(keys).groups.items())}
    between = pd.period_range(starts.min(), starts.max(), freq=PERIODS[every]).start_time.strftime(key_format)
    partitions = Partitions(every=every, start=min(rows), timezone=timezone)
    return Partitioning(partitions, rows, tuple(key for key in between if key not in rows))


def window_starts(instants: pd.Series, every: Every, timezone: str) -> pd.Series:
    """Return the local time at which the window of each instant starts."""
    local = instants.dt.tz_convert(timezone).dt.tz_localize(None)
    starts: pd.Series = local.dt.to_period(PERIODS[every]).dt.start_time
    return starts


def _merit(one: Partitioning) -> tuple[bool, bool, bool, float]:
    """Return what makes a partitioning better than another: number in range, no holes, large windows, about a dozen."""
    n = len(one.rows)
    typical = sorted(one.counts)[n // 2]
    return FEWEST <= n <= MOST, not one.holes, typical >= ENOUGH_ROWS, -abs(math.log(n / DOZEN))
