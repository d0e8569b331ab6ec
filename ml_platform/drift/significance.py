"""Whether two histograms differ by more than chance."""

from collections.abc import Sequence

from scipy.stats import chi2_contingency, fisher_exact

MIN_EXPECTED = 5
"""Rows that a bin should hold without drift, on the smaller side, for the chi-squared test (Cochran 1954)."""

Pair = tuple[int, int]


def p_value_without_drift(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return how probable counts at least this different are when both sides are samples of one distribution.

    Pearson's chi-squared test of homogeneity (Pearson 1911), on the bins that are used. To first order the PSI divided
    by ``1/n + 1/m`` is the same statistic (Yurdakul 2018, Statistical Properties of Population Stability Index), but
    its logarithms make it too large in small batches: see docs/decisions/0006.

    Neither holds in bins where fewer than `MIN_EXPECTED` rows are expected, such as rare categories. Those are pooled.
    If the pool is still too small, Fisher's exact test (1922) compares it with all other bins, and the smaller of the
    two p values counts, doubled (Bonferroni). When every row is in one bin there is nothing to test, and p is 1.
    """
    dense, sparse = _pooled(reference, current)
    p_values = []
    # When every value is new, one side has no row in the dense bins, and only the pool can be tested.
    if len(dense) >= 2 and all(sum(side) for side in zip(*dense, strict=True)):
        p_values.append(float(chi2_contingency(dense, correction=False).pvalue))
    if any(sparse) and dense:
        others = [sum(reference) - sparse[0], sum(current) - sparse[1]]
        p_values.append(float(fisher_exact([sparse, others]).pvalue))
    return min([1.0, *(len(p_values) * p_value for p_value in p_values)])


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
