"""Bounds a little wider than what was seen, in round numbers: the next file is not rejected for a tenth more."""

from __future__ import annotations

import math

MARGIN = 0.1
HALF = 0.5
TINY, HUGE = 1e-300, 1e300
"""Near the ends of what 64 bits can say, bounds are what was seen."""


def widened(least: float, most: float, *, whole: bool) -> tuple[float, float]:
    """Return bounds that hold both, each a tenth of the span further out and rounded outwards.

    What is never negative stays so, and what lies in 0 to 1, as a share does, keeps these bounds.
    """
    if not whole and least >= 0 and most <= 1:
        return 0.0, 1.0
    span = (most - least) or 1
    if span < TINY or max(abs(least), abs(most)) > HUGE:
        return least, most
    step = 10.0 ** math.floor(math.log10(span)) / 2
    low = math.floor((least - MARGIN * span) / step) * step
    high = math.ceil((most + MARGIN * span) / step) * step
    if least >= 0:
        low = max(low, 0)
    low, high = min(low, least), max(high, most)
    return (math.floor(low), math.ceil(high)) if whole else (_short(low, least, -1), _short(high, most, 1))


def allowed_missing(share: float) -> int:
    """Return the percentage that may be missing: half as much again as was seen, and one."""
    return min(99, math.ceil(100 * share * (1 + HALF)) + 1)


def allowed_rows(counts: list[int]) -> tuple[int, int]:
    """Return bounds of the rows of a file: half of the fewest seen, and twice the most."""
    return max(1, math.floor(min(counts) * HALF)), math.ceil(max(counts) / HALF)


def _short(bound: float, seen: float, side: int) -> float:
    """Return the bound in few digits, as long as what was seen stays inside."""
    short = float(f"{bound:.6g}")
    return short if (short - seen) * side >= 0 else bound
