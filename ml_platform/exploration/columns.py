"""What each column holds: how much of it, which values, and which of them lie far from the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml_platform.exploration.rows import Categories, Rows

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
    """Count outside the fences `low`, `high`; None where the quartiles are equal, and every other value would be
    out."""
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
    infinite: int
    distinct: int
    quantiles: tuple[float, ...]
    """Minimum, quartiles and maximum of the finite numbers; empty for a category."""
    top: tuple[tuple[str, float], ...]
    """The most frequent categories, each with its share of the known rows; empty for a number."""
    outliers: Outliers | None

    @property
    def state(self) -> str | None:
        """Why there is nothing to see, or None: ``no value at all``, ``one value only``, ``nothing finite``."""
        if self.distinct == 0:
            return "no value at all"
        if self.kind == "number" and not self.quantiles:
            return "nothing finite"
        return "one value only" if self.distinct == 1 else None


def describe_columns(rows: Rows) -> tuple[Column, ...]:
    """Return a description of each feature, in the order of the model."""
    return tuple(
        _number(rows, name) if kind == "number" else _category(rows, name) for name, kind in rows.kinds.items()
    )


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


def _number(rows: Rows, name: str) -> Column:
    values = rows.numbers[name]
    finite = values[np.isfinite(values)]
    known = ~np.isnan(values)
    return Column(
        name=name,
        kind="number",
        n_rows=len(rows),
        missing=int((~known).sum()),
        missing_by_part=_missing_by_part(known, rows.parts),
        infinite=int(np.isinf(values).sum()),
        distinct=len(np.unique(values[known])),
        quantiles=tuple(map(float, np.quantile(finite, [0, 0.25, 0.5, 0.75, 1]))) if len(finite) else (),
        top=(),
        outliers=find_outliers(finite),
    )


def _category(rows: Rows, name: str) -> Column:
    column = rows.categories[name]
    return Column(
        name=name,
        kind="category",
        n_rows=len(rows),
        missing=int((~column.known).sum()),
        missing_by_part=_missing_by_part(column.known, rows.parts),
        infinite=0,
        distinct=len(column.levels),
        quantiles=(),
        top=most_frequent(column, TOP_CATEGORIES),
        outliers=None,
    )


def most_frequent(column: Categories, count: int) -> tuple[tuple[str, float], ...]:
    """Return the most frequent categories with their shares of the known rows, ties in alphabetical order."""
    counts = np.bincount(column.codes[column.known], minlength=len(column.levels))
    order = np.argsort(-counts, kind="stable")[:count]
    return tuple((column.levels[place], float(counts[place] / counts.sum())) for place in order)


def _missing_by_part(known: NDArray[np.bool_], parts: Mapping[str, NDArray[np.intp]]) -> dict[str, float | None]:
    return {part: float(1 - known[positions].mean()) if len(positions) else None for part, positions in parts.items()}
