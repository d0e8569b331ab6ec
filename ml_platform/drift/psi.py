"""The population stability index, and how large it is when nothing has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PSEUDO_COUNT = 0.5
"""Added to a bin that one side leaves empty and the other does not: without it the index is infinite."""


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
    """
    from scipy.stats import chi2_contingency

    used = [pair for pair in zip(reference, current, strict=True) if any(pair)]
    if len(used) < 2:
        return 1.0
    return float(chi2_contingency(list(zip(*used, strict=True)), correction=False).pvalue)
