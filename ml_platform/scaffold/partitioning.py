"""Into which windows of time a table is best cut, and which rows lie in which."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.partitions import Every, Partitions

if TYPE_CHECKING:
    import pandas as pd

PERIODS: dict[Every, str] = {"day": "D", "week": "W-SUN", "month": "M", "year": "Y"}
"""Windows → pandas' name of them; a week ends on Sunday, as `Partitions` has it."""
FEWEST, DOZEN, MOST = 5, 12, 60
ENOUGH_ROWS = 200
"""Below that a drift report has nothing to say (`drift.min_rows`)."""


@dataclass(frozen=True)
class Cut:
    """A table cut by time.

    Attributes
    ----------
    positions
        Key of each window that has rows → their positions, in order.
    holes
        Keys of the windows between the first and the last that have none.
    """

    partitions: Partitions
    positions: Mapping[str, list[int]]
    holes: tuple[str, ...]

    @property
    def counts(self) -> list[int]:
        """Rows of each window."""
        return [len(rows) for rows in self.positions.values()]

    def run(self) -> list[str]:
        """Return the keys of the longest stretch without a hole, the latest of equals."""
        best: list[str] = []
        stretch: list[str] = []
        for key in self.positions:
            follows = bool(stretch) and self.partitions.shift(stretch[-1], 1) == key
            stretch = [*stretch, key] if follows else [key]
            best = stretch if len(stretch) >= len(best) else best
        return best

    def window(self, n_rows: int) -> int:
        """Return the number of windows to train on: enough for `n_rows`, and not the last of a stretch."""
        run = self.run()
        wanted = max(3, math.ceil(n_rows / min(len(self.positions[key]) for key in run)))
        return max(1, min(wanted, len(run) - 1))


def cut(instants: pd.Series, timezone: str, name: str) -> Cut | None:
    """Return the cut with windows that are neither few nor many, without holes, and large; None when none is sensible.

    Parameters
    ----------
    instants
        Of each row, in UTC.

    Raises
    ------
    DataError
        When a row has no time.
    """
    if without := int(instants.isna().sum()):
        first = int(instants.isna().to_numpy().argmax())
        raise DataError(
            f"column '{name}': {without:,} of {len(instants):,} rows, such as row {first + 1}, have no time, so there "
            "is no partition that they belong to. Leave them out, give them one, or do without --time"
        )
    cuts = [_by(every, instants, timezone) for every in PERIODS]
    # A model is trained on windows that follow each other: a table with a row every fifth year is not cut.
    sensible = [one for one in cuts if len(one.run()) >= max(2, len(one.positions) / 2)]
    return max(sensible, key=_merit) if sensible else None


def _by(every: Every, instants: pd.Series, timezone: str) -> Cut:
    import pandas as pd

    local = instants.dt.tz_convert(timezone).dt.tz_localize(None)
    starts = local.dt.to_period(PERIODS[every]).dt.start_time
    wanted = Partitions(
        every=every, start="2000" if every == "year" else "2000-01" if every == "month" else "2000-01-03"
    )
    keys = starts.dt.strftime(wanted.key_format)
    positions = {str(key): sorted(rows) for key, rows in keys.groupby(keys).groups.items()}
    first, last = min(positions), max(positions)
    between = pd.period_range(starts.min(), starts.max(), freq=PERIODS[every]).start_time.strftime(wanted.key_format)
    holes = tuple(key for key in between if key not in positions)
    end = wanted.shift(last, 1)
    partitions = Partitions(every=every, start=first, end=end, timezone=timezone)
    return Cut(partitions, dict(sorted(positions.items())), holes)


def _merit(one: Cut) -> tuple[bool, bool, bool, float]:
    """Return what makes a cut better than another: in range, whole, of large windows, about a dozen of them."""
    n = len(one.positions)
    typical = sorted(one.counts)[n // 2]
    return FEWEST <= n <= MOST, not one.holes, typical >= ENOUGH_ROWS, -abs(math.log(n / DOZEN))
