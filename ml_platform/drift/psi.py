"""The population stability index, and how large it is when nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PSEUDO_COUNT = 0.5
"""Added to a bin that one side assets empty and the other does not: without it the index is infinite."""

MIN_EXPECTED = 5
"""Rows that a bin should hold without drift, on the smaller side, for the chi-squared test (Cochran 1954)."""

Pair = tuple[int, int]


def shares(reference: Sequence[int], current: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both sides' shares of the bins that at least one side uses; an empty bin counts `PSEUDO_COUNT` rows."""
    import numpy as np

    counts: NDArray[Any] = np.array([reference, current], dtype=float)
    used = counts[:, counts.sum(axis=0) > 0]
    used = np.where((used == 0).any(axis=0), used + PSEUDO_COUNT, used)
    totals = used.sum(axis=1, keepdims=True)
    one, other = used / totals
    return one, other


def population_stability_index(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the sum over bins of (q - p) ln(q / p): the symmetrised Kullback-Leibler divergence.

    Parameters
    ----------
    reference, current
        Rows per bin, the same bins in the same order; each side has at least one row.

    Notes
    -----
    Siddiqi 2006, Credit Risk Scorecards, p. 136. Its rule of thumb: below 0.1 no change, above 0.25 a large one.
    """
    import numpy as np

    p, q = shares(reference, current)
    return float(np.sum((q - p) * np.log(q / p)))


def p_value_without_drift(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return how probable counts at least this different are when both sides are samples of one distribution.

    Pearson's chi-squared test of homogeneity (Pearson 1911), on the bins that are used. To first order the index
    divided by ``1/n + 1/m`` is the same statistic (Yurdakul 2018, Statistical Properties of Population Stability
    Index), but its logarithms make it too large in small batches: see docs/decisions/0006.

    Neither holds in bins where fewer than `MIN_EXPECTED` rows are expected, such as rare categories. Those are pooled;
    if the pool is still too small, Fisher's exact test (1922) holds it against all other bins, and the smaller of the
    two p values counts, doubled (Bonferroni).
    """
    from scipy.stats import chi2_contingency, fisher_exact

    dense, sparse = _pooled(reference, current)
    p_values = []
    # One side can have no row at all in the large bins, when every value is new: then only the pool says anything.
    if len(dense) >= 2 and all(sum(side) for side in zip(*dense, strict=True)):
        p_values.append(float(chi2_contingency(dense, correction=False).pvalue))
    if any(sparse) and dense:
        others = [sum(reference) - sparse[0], sum(current) - sparse[1]]
        p_values.append(float(fisher_exact([sparse, others]).pvalue))
    return min(1.0, len(p_values) * min(p_values, default=1.0))


def _pooled(reference: Sequence[int], current: Sequence[int]) -> tuple[list[Pair], Pair]:
    """Return both sides' rows in the bins that are large enough, and in all others together.

    Which bins those are depends on the rows of both sides together, so that the choice favours neither.
    """
    bins = list(zip(map(int, reference), map(int, current), strict=True))
    n, m = sum(map(int, reference)), sum(map(int, current))
    smallest = MIN_EXPECTED * (n + m) / min(n, m)
    dense = [pair for pair in bins if sum(pair) >= smallest]
    rest = [pair for pair in bins if sum(pair) < smallest]
    sparse = (sum(one for one, _ in rest), sum(other for _, other in rest))
    return ([*dense, sparse], (0, 0)) if sum(sparse) >= smallest else (dense, sparse)
