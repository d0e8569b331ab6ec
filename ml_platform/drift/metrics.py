"""DRIFT_METRICS: how far two histograms over the same bins are apart."""

import math
from collections.abc import Callable, Sequence

from ml_platform.drift.psi import population_stability_index, shares

DriftMetric = Callable[[Sequence[int], Sequence[int]], float]
"""``metric(reference, current)``: rows per bin of both sides → 0 for equal shares, more the further apart."""


def jensen_shannon_distance(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the square root of the Jensen-Shannon divergence to base 2, from 0 to 1 (Endres and Schindelin 2003)."""
    divergence = math.fsum(
        (p * math.log2(2 * p / (p + q)) + q * math.log2(2 * q / (p + q))) / 2 for p, q in shares(reference, current)
    )
    return math.sqrt(max(0.0, divergence))


DRIFT_METRICS: dict[str, DriftMetric] = {
    "population_stability_index": population_stability_index,
    "jensen_shannon_distance": jensen_shannon_distance,
}
