"""The population stability index of two histograms over the same bins."""

import math
from collections.abc import Sequence

PSEUDO_COUNT = 0.5
"""Rows added to a bin that only one side uses; without them the index is infinite."""


def shares(reference: Sequence[int], current: Sequence[int]) -> list[tuple[float, float]]:
    """Return both sides' shares of each bin that at least one side uses; an empty bin counts `PSEUDO_COUNT` rows."""
    used = [pair for pair in zip(reference, current, strict=True) if any(pair)]
    smoothed = [pair if all(pair) else (pair[0] + PSEUDO_COUNT, pair[1] + PSEUDO_COUNT) for pair in used]
    n_reference, n_current = (math.fsum(side) for side in zip(*smoothed, strict=True))
    return [(before / n_reference, now / n_current) for before, now in smoothed]


def population_stability_index(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the sum over bins of (q - p) ln(q / p): the symmetrised Kullback-Leibler divergence.

    Each side has at least one row. Source: Siddiqi 2006, Credit Risk Scorecards, p. 136. Its rule of thumb: below 0.1
    no change, above 0.25 a large one.
    """
    return math.fsum((q - p) * math.log(q / p) for p, q in shares(reference, current))
