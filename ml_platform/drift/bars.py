"""The bins of a column as bars: the share of the rows in each, of the reference and now."""

from collections.abc import Sequence

from ml_platform.drift.profile import ColumnBins
from ml_platform.page.histogram import Bar

MAX_CATEGORIES = 12
"""Categories with a bar of their own: those whose share changed most; the others are one bar."""


def bars(bins: ColumnBins, current: Sequence[int]) -> list[Bar]:
    """Return a bar per bin that holds rows of either side; that of missing values is the last."""
    n_before, n_now = sum(bins.counts), sum(current)
    shares = [(before / n_before, now / n_now) for before, now in zip(bins.counts, current, strict=True)]
    named = list(zip(bins.labels, _ticks(bins), shares, strict=True))
    *values, (name, _, (before, now)) = named
    at_end = bins.kind == "number" and not bins.names
    drawn = [Bar(label, *share, tick=tick, at_end=at_end) for label, tick, share in values]
    if bins.kind == "category":
        drawn = _largest_changes([bar for bar in drawn if bar.before or bar.now])
    return [*drawn, Bar(name, before, now, tick="missing", is_missing=True)] if before or now else drawn


def _ticks(bins: ColumnBins) -> Sequence[str]:
    if bins.kind == "category" or bins.names:
        return bins.labels
    upper = [f"{edge:.3g}" for edge in bins.edges]
    if bins.has_values_below_minimum:
        upper[0] = ""  # just below the second edge, where it could not be told from it
    return [*upper, "", ""]


def _largest_changes(drawn: Sequence[Bar]) -> list[Bar]:
    if len(drawn) <= MAX_CATEGORIES:
        return list(drawn)
    by_change = sorted(range(len(drawn)), key=lambda place: -abs(drawn[place].now - drawn[place].before))
    kept, others = sorted(by_change[: MAX_CATEGORIES - 1]), [drawn[place] for place in by_change[MAX_CATEGORIES - 1 :]]
    together = (sum(bar.before for bar in others), sum(bar.now for bar in others))
    return [*(drawn[place] for place in kept), Bar(f"{len(others)} others", *together, tick="others")]
