"""Rows per frozen bin, as aggregates that any engine can compute in one streaming pass."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from ml_platform.drift.profile import ColumnBins, Profile


@dataclass(frozen=True)
class Counts:
    """Rows of a frame in the bins of a profile, in the profile's order."""

    n_rows: int
    by_column: Mapping[str, tuple[int, ...]]


def count_bins(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, profile: Profile) -> Counts:
    """Count a frame's rows into the bins of a profile.

    The aggregates are ``sum(column <= edge)`` per edge and ``sum(column == category)`` per category, all in one pass.
    NaN counts as missing; an infinity falls into the outermost bin.

    Raises
    ------
    DataError
        When a column of the profile is not there.
    """
    import polars as pl

    lazy = as_lazy(frame, {column.name: column.kind for column in profile.columns})
    aggregates = [pl.len().alias("n_rows")]
    for position, column in enumerate(profile.columns):
        aggregates += [e.alias(f"{position}:{i}") for i, e in enumerate(_aggregates(column))]
    row = lazy.select(aggregates).collect(engine="streaming").row(0, named=True)
    by_column = {}
    for position, column in enumerate(profile.columns):
        found = [int(row[f"{position}:{i}"] or 0) for i in range(len(list(_aggregates(column))))]
        by_column[column.name] = _per_bin(column, found, row["n_rows"])
    return Counts(row["n_rows"], by_column)


def as_lazy(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, kinds: Mapping[str, str]) -> pl.LazyFrame:
    """Return the columns of a profile alone: numbers as floats without NaN, categories as text."""
    import polars as pl

    lazy = frame.lazy() if isinstance(frame, pl.DataFrame | pl.LazyFrame) else _from_pandas(frame, kinds).lazy()
    known = lazy.collect_schema().names()
    for name in kinds:
        if name not in known:
            raise DataError(f"column '{name}' of the reference is not in the data. {did_you_mean(name, known)}")
    return lazy.select(
        pl.col(name).cast(pl.String) if kind == "category" else pl.col(name).cast(pl.Float64).fill_nan(None)
        for name, kind in kinds.items()
    )


def _from_pandas(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    import polars as pl

    return pl.from_pandas(frame[[name for name in kinds if name in frame]])


def _aggregates(column: ColumnBins) -> Iterator[pl.Expr]:
    """Yield the missing values, then the values at or below each edge, or equal to each category."""
    import polars as pl

    values = pl.col(column.name)
    yield values.null_count()
    for edge in column.edges:
        yield (values <= edge).sum()
    for category in column.categories:
        yield (values == category).sum()


def _per_bin(column: ColumnBins, found: list[int], n_rows: int) -> tuple[int, ...]:
    missing, *values = found
    known = n_rows - missing
    if column.kind == "category":
        return (*values, known - sum(values), missing)
    at_most = [0, *values, known]
    return (*(upper - lower for lower, upper in itertools.pairwise(at_most)), missing)
