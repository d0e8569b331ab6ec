"""How each feature is spread in each part, and what the target does along it: the numbers behind the plots."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml_platform.exploration.rows import MISSING, Rows

BINS = 20
TAIL = 0.005
"""Share of the rows beyond the first and the last edge; they are counted in the outer bins."""

OTHERS, MISSING_BIN = "(others)", "(missing)"
GATHERED = frozenset({OTHERS, MISSING_BIN})
"""Bins that are no level of a category."""

MEAN = "mean of the target"
MAX_LEVELS = 12
MAX_CLASSES = 4
MIN_ROWS = 20
"""A bin with fewer rows says nothing of the target."""


@dataclass(frozen=True)
class Distribution:
    """One feature in bins; for a category a bin is a level."""

    column: str
    kind: str
    edges: tuple[float, ...]
    """Of the bins of a number, one more than bins, ``(missing)`` not counted. Empty where a bin is a level, or one of
    few values."""
    bins: tuple[str, ...]
    """What each bin is called. ``(missing)`` is the last where anything is missing, ``(others)`` before it."""
    shares: dict[str, tuple[float, ...]]
    """Part → share of its rows in each bin; a part without rows is left out."""
    outcomes: dict[str, tuple[float | None, ...]]
    """What is followed → its value in each bin, None in a bin of few rows: the share of a class, or the mean."""

    @property
    def outcomes_are_shares(self) -> bool:
        """Whether classes are followed."""
        return MEAN not in self.outcomes


def distribute(rows: Rows) -> tuple[Distribution, ...]:
    """Return each feature's distribution, in the order of the model."""
    return tuple(
        _number(rows, name) if kind == "number" else _category(rows, name) for name, kind in rows.kinds.items()
    )


def bin_edges(finite: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return edges of equal distance around all but the tails, or around everything where only the tails vary."""
    low, high = np.quantile(finite, [TAIL, 1 - TAIL])
    if low == high:
        low, high = finite.min(), finite.max()
    return np.linspace(low, high, BINS + 1)


def _number(rows: Rows, name: str) -> Distribution:
    """Return bins of equal width; a bin for each value where there are few."""
    values = rows.numbers[name]
    distinct = np.unique(values[~np.isnan(values)])
    if len(distinct) <= BINS:
        edges, names, codes = distinct[:0], [f"{value:.6g}" for value in distinct], np.searchsorted(distinct, values)
    else:
        edges = bin_edges(values[np.isfinite(values)])
        names = [f"{low:.4g} to {high:.4g}" for low, high in pairwise(edges)]
        codes = np.searchsorted(edges[1:-1], values, side="right")
    codes[np.isnan(values)] = MISSING
    return _distribution(rows, name, codes, names, tuple(map(float, edges)))


def _category(rows: Rows, name: str) -> Distribution:
    column = rows.categories[name]
    kept = column.by_frequency[:MAX_LEVELS]
    place = np.full(len(column.levels) + 1, len(kept))
    place[kept] = np.arange(len(kept))
    place[MISSING] = MISSING
    names = [column.levels[level] for level in kept] + ([OTHERS] if len(kept) < len(column.levels) else [])
    return _distribution(rows, name, place[column.codes], names, ())


def _distribution(
    rows: Rows, name: str, codes: NDArray[np.intp], names: list[str], edges: tuple[float, ...]
) -> Distribution:
    if (codes == MISSING).any():
        codes, names = np.where(codes == MISSING, len(names), codes), [*names, MISSING_BIN]
    shares = {
        part: tuple(map(float, np.bincount(codes[positions], minlength=len(names)) / len(positions)))
        for part, positions in rows.parts.items()
        if len(positions)
    }
    followed = {label: _means(codes, values, len(names)) for label, values in _followed(rows).items()}
    return Distribution(name, rows.kinds[name], edges, tuple(names), shares, followed)


def _followed(rows: Rows) -> dict[str, NDArray[np.float64]]:
    """Return what is followed along a feature: the target, or whether it is each of the largest classes."""
    if rows.task == "regression":
        return {MEAN: rows.target}
    if rows.task == "binary":
        return {f"share of {rows.classes[1]}": rows.target}
    largest = np.argsort(-np.bincount(rows.class_codes, minlength=len(rows.classes)), kind="stable")[:MAX_CLASSES]
    return {f"share of {rows.classes[code]}": (rows.class_codes == code).astype(float) for code in sorted(largest)}


def _means(codes: NDArray[np.intp], values: NDArray[np.float64], n_bins: int) -> tuple[float | None, ...]:
    counts, sums = np.bincount(codes, minlength=n_bins), np.bincount(codes, weights=values, minlength=n_bins)
    return tuple(float(total / count) if count >= MIN_ROWS else None for total, count in zip(sums, counts, strict=True))
