"""Which bins a reference has: quantiles of its numbers, and its frequent categories."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import polars as pl

from ml_platform.drift.count import as_lazy, count_bins
from ml_platform.drift.profile import ColumnBins, Profile
from ml_platform.errors import DataError

MAX_CATEGORIES = 50
"""The most frequent categories get a bin of their own."""

MAX_RARE = 1_000
"""The next most frequent ones share a bin; any beyond count as unseen."""


def build_profile(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, kinds: Mapping[str, str], *, bins: int) -> Profile:
    """Return a frame's distribution as a frozen reference.

    Parameters
    ----------
    kinds
        ``number`` or ``category`` per column. A column that is missing or not of its kind is a DataError.
    bins
        Bins of a number, cut at its quantiles; fewer where values repeat.
    """
    columns = as_lazy(frame, kinds).collect()
    if not columns.height:
        raise DataError("a reference cannot be made of 0 rows")
    uncounted = [_categories(c) if kinds[c.name] == "category" else _numbers(c, bins) for c in columns]
    counted = count_bins(columns, Profile(columns.height, tuple(uncounted)))
    return Profile(columns.height, tuple(replace(c, counts=counted.by_column[c.name]) for c in uncounted))


def _categories(values: pl.Series) -> ColumnBins:
    counted = values.drop_nulls().alias("value").value_counts(name="n_rows")
    ordered = counted.sort("n_rows", "value", descending=[True, False])["value"].to_list()
    frequent, rare = sorted(ordered[:MAX_CATEGORIES]), sorted(ordered[MAX_CATEGORIES:][:MAX_RARE])
    return ColumnBins(values.name, "category", categories=tuple(frequent), rare=tuple(rare))


def _numbers(values: pl.Series, bins: int) -> ColumnBins:
    """Return bins between the quantiles that are values of the reference, each once."""
    finite = values.filter(values.is_finite()).sort()
    if finite.is_empty():
        return ColumnBins(values.name, "number")
    ranks = pl.Series([-(-i * len(finite) // bins) - 1 for i in range(1, bins)]).clip(0)
    edges = finite.gather(ranks).unique().sort().to_list()
    below = math.nextafter(finite[0], -math.inf)
    # A first bin that holds nothing but the minimum (a constant, many zeros) must not swallow smaller values.
    if edges[0] == finite[0] and math.isfinite(below):
        edges = [below, *edges]
    return ColumnBins(values.name, "number", edges=tuple(edges))
