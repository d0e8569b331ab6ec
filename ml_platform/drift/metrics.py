"""DRIFT_METRICS: how far two histograms over the same bins are apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml_platform.drift.psi import population_stability_index, shares

DriftMetric = Callable[[Sequence[int], Sequence[int]], float]
"""``metric(reference, current)``: rows per bin of both sides → 0 for equal shares, more the further apart."""


def jensen_shannon_distance(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the square root of the Jensen-Shannon divergence to base 2, from 0 to 1 (Endres and Schindelin 2003)."""
    from scipy.spatial.distance import jensenshannon

    p, q = shares(reference, current)
    return float(jensenshannon(p, q, base=2))


DRIFT_METRICS: dict[str, DriftMetric] = {
    "population_stability_index": population_stability_index,
    "jensen_shannon_distance": jensen_shannon_distance,
}
