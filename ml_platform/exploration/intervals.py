"""Measures of association with their confidence intervals, each in closed form or by inverting a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CONFIDENCE = 0.95
MIN_ROWS = 10
"""Fewer rows say nothing of an association."""


@dataclass(frozen=True)
class Estimate:
    """A measure of association and its interval at CONFIDENCE."""

    measure: str
    value: float
    low: float
    high: float


def pearson(x: Array, y: Array, *, measure: str = "Pearson") -> Estimate:
    """Return Pearson's r, which with a 0/1 column is the point-biserial correlation (Tate 1954).

    The interval is by Fisher's z (1921), whose standard error is 1 / √(n - 3).
    """
    from scipy.stats import pearsonr

    r = float(pearsonr(x, y).statistic)
    return _by_fisher_z(measure, r, 1 / (len(x) - 3))


def spearman(x: Array, y: Array) -> Estimate:
    """Return Spearman's rank correlation.

    The interval is by Fisher's z with the variance (1 + r²/2) / (n - 3) (Bonett and Wright 2000).
    """
    from scipy.stats import spearmanr

    r = float(spearmanr(x, y).statistic)
    return _by_fisher_z("Spearman", r, (1 + r**2 / 2) / (len(x) - 3))


def _by_fisher_z(measure: str, r: float, variance: float) -> Estimate:
    import numpy as np
    from scipy.stats import norm

    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    reach = norm.ppf((1 + CONFIDENCE) / 2) * variance**0.5
    return Estimate(measure, r, float(np.tanh(z - reach)), float(np.tanh(z + reach)))


def cramers_v(counts: NDArray[np.intp]) -> Estimate:
    """Return Cramér's V of a table of counts, corrected for bias (Bergsma 2013).

    The interval inverts the noncentral chi-squared distribution of the statistic (Smithson 2003), on the same scale.
    """
    from scipy.stats import chi2_contingency, ncx2

    table = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n, (n_rows, n_columns) = int(table.sum()), table.shape
    statistic, _, degrees, _ = chi2_contingency(table, correction=False)
    widest = min(size - (size - 1) ** 2 / (n - 1) for size in (n_rows, n_columns)) - 1

    def scaled(noncentrality: float) -> float:
        return float(min(1.0, (max(0.0, noncentrality) / n / widest) ** 0.5)) if widest > 0 else 0.0

    # Bergsma subtracts degrees / (n - 1) from χ²/n.
    value = scaled(statistic - degrees * n / (n - 1))
    low, high = _invert(lambda noncentrality: float(ncx2.cdf(statistic, degrees, noncentrality)), statistic)
    return Estimate("Cramér's V", value, scaled(low), scaled(high))


def correlation_ratio(groups: NDArray[np.intp], values: Array) -> Estimate:
    """Return the correlation ratio η of numbers in groups, its square corrected for bias as ε² (Kelley 1935).

    The interval inverts the noncentral F distribution of the statistic (Steiger 2004), η² = λ / (λ + n), in Patnaik's
    approximation (1949): scipy's own ``ncf`` is NaN for the large λ of many rows.
    """
    import numpy as np

    values = values / (np.abs(values).max() or 1.0)  # squares of values near 1e300 overflow
    n, sizes = len(values), np.bincount(groups)
    means = np.bincount(groups, weights=values)[sizes > 0] / sizes[sizes > 0]
    total = float(((values - values.mean()) ** 2).sum())
    between = float((sizes[sizes > 0] * (means - values.mean()) ** 2).sum())
    within = max(total - between, 0.0)
    above, below = len(means) - 1, n - len(means)
    value = max(0.0, 1 - (within / below) / (total / (n - 1))) ** 0.5
    if within <= 1e-12 * total:
        return Estimate("correlation ratio", 1.0, 1.0, 1.0)
    statistic = (between / above) / (within / below)
    bounds = _invert(lambda noncentrality: _noncentral_f(statistic, above, below, noncentrality), above * statistic)
    low, high = ((bound / (bound + n)) ** 0.5 for bound in bounds)
    return Estimate("correlation ratio", value, low, high)


def _noncentral_f(statistic: float, above: int, below: int, noncentrality: float) -> float:
    from scipy.stats import f

    mean, spread = above + noncentrality, above + 2 * noncentrality
    return float(f.cdf(statistic * above / mean, mean**2 / spread, below))


def _invert(cdf: Callable[[float], float], start: float) -> tuple[float, float]:
    """Return the noncentralities at which a statistic lies at either end of its distribution; 0 where none does."""
    from scipy.optimize import brentq

    tail = (1 - CONFIDENCE) / 2

    def noncentrality(probability: float) -> float:
        if cdf(0.0) <= probability:
            return 0.0
        upper = max(start, 1.0)
        while cdf(upper) > probability:
            upper *= 2
        return float(brentq(lambda trial: cdf(trial) - probability, 0.0, upper, xtol=1e-6 * upper))

    return noncentrality(1 - tail), noncentrality(tail)
