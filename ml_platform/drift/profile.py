"""The reference: bins of each column, frozen when a model is trained, and how many rows fell into each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

MAX_CATEGORIES = 50
"""The most frequent categories get a bin of their own."""

MAX_RARE = 1_000
"""The next most frequent ones share a bin; any beyond cannot be told from unseen ones."""


@dataclass(frozen=True)
class ColumnBins:
    """The bins of one column, with the reference's rows in each.

    The bins of a number are ``(-inf, e0], (e0, e1], …, (ek, inf)``; those of a category are its frequent values, one
    for its rare values together, and one for unseen values. One for missing values comes last.

    Attributes
    ----------
    kind
        ``number`` or ``category``.
    edges
        Of a number: increasing; empty when the reference holds no number.
    categories, rare
        Of a category: the frequent and the rare values, each in alphabetical order.
    """

    name: str
    kind: str
    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Name each bin, in the order of `counts`."""
        if self.kind == "category":
            return (*self.categories, "(rare)", "(unseen)", "(missing)")
        upper = [f"≤ {edge:.4g}" for edge in self.edges]
        if len(self.edges) > 1 and self.edges[0] == _just_below(self.edges[1]):
            upper[0] = f"< {self.edges[1]:.4g}"
        return (*upper, f"> {self.edges[-1]:.4g}" if self.edges else "(any)", "(missing)")

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ColumnBins:
        """Read one column of a profile's document."""
        lists = {name: tuple(document[name]) for name in ("edges", "categories", "rare", "counts")}
        return cls(document["name"], document["kind"], **lists)


@dataclass(frozen=True)
class Profile:
    """A frozen reference."""

    n_rows: int
    columns: tuple[ColumnBins, ...]

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON, which keeps every float exactly."""
        return {"n_rows": self.n_rows, "columns": [asdict(column) for column in self.columns]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Profile:
        """Read what `to_document` wrote."""
        return cls(document["n_rows"], tuple(map(ColumnBins.from_document, document["columns"])))


def build_profile(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, kinds: Mapping[str, str], *, bins: int) -> Profile:
    """Freeze a frame's distribution.

    Parameters
    ----------
    kinds
        ``number`` or ``category`` per column.
    bins
        Bins of a number, cut at its quantiles; fewer where values repeat.

    Raises
    ------
    DataError
        When there are no rows, or a column is not there or not of its kind.
    """
    from ml_platform.drift.count import as_lazy, count_bins

    columns = as_lazy(frame, kinds).collect()
    if not columns.height:
        raise DataError("a reference cannot be made of 0 rows")
    empty = Profile(columns.height, tuple(_bins(columns[name], kind, bins) for name, kind in kinds.items()))
    counted = count_bins(columns, empty)
    return Profile(columns.height, tuple(replace(c, counts=counted.by_column[c.name]) for c in empty.columns))


def _bins(values: pl.Series, kind: str, bins: int) -> ColumnBins:
    if kind == "category":
        frequent, rare = _by_frequency(values)
        return ColumnBins(values.name, kind, categories=frequent, rare=rare)
    return ColumnBins(values.name, kind, edges=_edges(values, bins))


def _by_frequency(values: pl.Series) -> tuple[tuple[str, ...], tuple[str, ...]]:
    counted = values.drop_nulls().alias("value").value_counts(name="n_rows")
    ordered = counted.sort("n_rows", "value", descending=[True, False])["value"].to_list()
    return tuple(sorted(ordered[:MAX_CATEGORIES])), tuple(sorted(ordered[MAX_CATEGORIES:][:MAX_RARE]))


def _edges(values: pl.Series, bins: int) -> tuple[float, ...]:
    """Return the quantiles that are values of the reference, each once."""
    import polars as pl

    finite = values.filter(values.is_finite()).sort()
    if finite.is_empty():
        return ()
    ranks = pl.Series([-(-i * len(finite) // bins) - 1 for i in range(1, bins)]).clip(0)
    edges = finite.gather(ranks).unique().sort().to_list()
    below = _just_below(finite[0])
    # A first bin that holds nothing but the minimum (a constant, many zeros) must not swallow smaller values.
    return (below, *edges) if edges[0] == finite[0] and math.isfinite(below) else tuple(edges)


def _just_below(value: float) -> float:
    return math.nextafter(value, -math.inf)
