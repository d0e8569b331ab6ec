"""What each column holds: how much of it, which values, and which of them lie far from the rest."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ml_platform.exploration.rows import Rows

Array = NDArray[np.float64]

TUKEY = 1.5
"""Lengths of the interquartile range beyond the quartiles at which Tukey's inner fences stand (Tukey 1977)."""

ROBUST_Z = 3.5
"""Modified z-score beyond which Iglewicz and Hoaglin (1993) call a value an outlier."""

TOP_CATEGORIES = 5


@dataclass(frozen=True)
class Outliers:
    """Values far from the rest, among the finite ones."""

    tukey: int | None
    """Count outside the fences `low`, `high`; None where the quartiles are equal: every other value would be out."""
    low: float | None
    high: float | None
    robust_z: int | None
    """Count with ``|0.6745 (x - median) / MAD|`` above ROBUST_Z; None where the MAD is 0."""


@dataclass(frozen=True)
class Column:
    """One feature over all rows."""

    name: str
    kind: str
    n_rows: int
    missing: int
    missing_by_part: dict[str, float | None]
    """Share of missing rows in each part; None in a part without rows."""
    distinct: int
    infinite: int = 0
    quantiles: tuple[float, ...] = ()
    """Minimum, quartiles and maximum of the finite numbers; empty for a category."""
    top: tuple[tuple[str, float], ...] = ()
    """The most frequent categories, each with its share of the known rows; empty for a number."""
    outliers: Outliers | None = None
    hidden: bool = False
    """Whether its values are personal and are left out."""

    @property
    def state(self) -> str | None:
        """Why there is nothing to see, or None: ``no value at all``, ``one value only``, ``nothing finite``."""
        if self.distinct == 0:
            return "no value at all"
        if self.kind == "number" and not self.quantiles and not self.hidden:
            return "nothing finite"
        return "one value only" if self.distinct == 1 else None


def describe_columns(rows: Rows) -> tuple[Column, ...]:
    """Return a description of each feature, in the order of the model."""
    return tuple(_describe(rows, name, kind) for name, kind in rows.kinds.items())


def find_outliers(finite: Array) -> Outliers:
    """Count outliers among finite numbers by Tukey's fences and by the robust z-score."""
    if not len(finite):
        return Outliers(None, None, None, None)
    first, median, third = np.quantile(finite, [0.25, 0.5, 0.75])
    distance = np.abs(finite - median)
    mad = float(np.median(distance))
    robust_z = int((0.6745 * distance > ROBUST_Z * mad).sum()) if mad > 0 else None
    if first == third:
        return Outliers(None, None, None, robust_z)
    low, high = first - TUKEY * (third - first), third + TUKEY * (third - first)
    return Outliers(int(((finite < low) | (finite > high)).sum()), float(low), float(high), robust_z)


def _describe(rows: Rows, name: str, kind: str) -> Column:
    known = ~np.isnan(rows.numbers[name]) if kind == "number" else rows.categories[name].known
    by_part = {part: float(1 - known[at].mean()) if len(at) else None for part, at in rows.parts.items()}
    column = partial(Column, name, kind, len(rows), int((~known).sum()), by_part)
    if kind == "category":
        category = rows.categories[name]
        shares = category.counts / max(known.sum(), 1)
        top = [(category.levels[code], float(shares[code])) for code in category.by_frequency[:TOP_CATEGORIES]]
        return column(len(category.levels), top=tuple(top))
    values = rows.numbers[name]
    finite = values[np.isfinite(values)]
    return column(
        len(np.unique(values[known])),
        infinite=int(np.isinf(values).sum()),
        quantiles=tuple(map(float, np.quantile(finite, [0, 0.25, 0.5, 0.75, 1]))) if len(finite) else (),
        outliers=find_outliers(finite),
    )
