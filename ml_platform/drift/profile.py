"""The reference: bins of each column, frozen when a model is trained, and how many rows fell into each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

MAX_CATEGORIES = 50
"""The most frequent categories get a bin of their own; the others share one."""


@dataclass(frozen=True)
class ColumnBins:
    """The bins of one column, with the reference's rows in each.

    The bins of a number are ``(-inf, e0], (e0, e1], …, (ek, inf)``, those of a category its frequent values and one for
    all others, seen or unseen. One for missing values comes last.

    Attributes
    ----------
    edges
        Of a number: increasing; empty when the reference holds no number.
    categories
        Of a category, in a fixed order.
    """

    name: str
    kind: str
    edges: tuple[float, ...]
    categories: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Name each bin, in the order of `counts`."""
        if self.kind == "category":
            return (*self.categories, "(other)", "(missing)")
        upper = [f"≤ {edge:.4g}" for edge in self.edges]
        return (*upper, f"> {self.edges[-1]:.4g}" if self.edges else "(any)", "(missing)")


@dataclass(frozen=True)
class Profile:
    """A frozen reference."""

    n_rows: int
    columns: tuple[ColumnBins, ...]

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON, which keeps every float exactly."""
        return {"n_rows": self.n_rows, "columns": [_document(column) for column in self.columns]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Profile:
        """Read what `to_document` wrote."""
        return cls(document["n_rows"], tuple(_column(entry) for entry in document["columns"]))


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
        When there are no rows.
    """
    from ml_platform.drift.count import as_lazy, count_bins

    columns = as_lazy(frame, kinds).collect()
    if not columns.height:
        raise DataError("a reference cannot be made of 0 rows")
    empty = Profile(columns.height, tuple(_bins(columns[name], kind, bins) for name, kind in kinds.items()))
    counted = count_bins(columns, empty)
    filled = tuple(ColumnBins(c.name, c.kind, c.edges, c.categories, counted.by_column[c.name]) for c in empty.columns)
    return Profile(columns.height, filled)


def _bins(values: pl.Series, kind: str, bins: int) -> ColumnBins:
    import polars as pl

    if kind == "category":
        counted = values.drop_nulls().value_counts(name="n_rows").sort("n_rows", values.name, descending=[True, False])
        return ColumnBins(values.name, kind, (), tuple(sorted(counted[values.name][:MAX_CATEGORIES].to_list())), ())
    finite = values.filter(values.is_finite()).sort()
    if not len(finite):
        return ColumnBins(values.name, kind, (), (), ())
    ranks = pl.Series([-(-i * len(finite) // bins) - 1 for i in range(1, bins)]).clip(0)
    edges = tuple(finite.gather(ranks).unique().sort().to_list())
    return ColumnBins(values.name, kind, edges, (), ())


def _document(column: ColumnBins) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": column.kind,
        "edges": list(column.edges),
        "categories": list(column.categories),
        "counts": list(column.counts),
    }


def _column(entry: Mapping[str, Any]) -> ColumnBins:
    return ColumnBins(
        entry["name"], entry["kind"], tuple(entry["edges"]), tuple(entry["categories"]), tuple(entry["counts"])
    )
