"""Rows per frozen bin, as aggregates that any engine can compute in one streaming pass."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import polars as pl
import pyarrow as pa

from ml_platform.choices import did_you_mean
from ml_platform.drift.profile import ColumnBins, Profile
from ml_platform.errors import DataError

EXACT_INTEGERS = 2**53
"""Below it a float holds every integer exactly."""


@dataclass(frozen=True)
class Counts:
    """Rows of a frame in the bins of a profile, in the profile's order."""

    n_rows: int
    by_column: Mapping[str, tuple[int, ...]]


def count_bins(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, profile: Profile) -> Counts:
    """Count a frame's rows into the bins of a profile.

    The aggregates are ``sum(column <= edge)`` per edge and ``sum(column == category)`` per category, all in one pass.
    NaN counts as missing; an infinity falls into the outermost bin.
    """
    lazy = as_lazy(frame, {column.name: column.kind for column in profile.columns})
    wanted = [_aggregates(column) for column in profile.columns]
    numbered = [e.alias(str(i)) for i, e in enumerate(itertools.chain.from_iterable(wanted))]
    n_rows, *found = lazy.select(pl.len().alias("n_rows"), *numbered).collect(engine="streaming").row(0)
    left = iter(found)
    by_column = {
        column.name: _per_bin(column, list(itertools.islice(left, len(aggregates))), n_rows)
        for column, aggregates in zip(profile.columns, wanted, strict=True)
    }
    return Counts(n_rows, by_column)


def _aggregates(column: ColumnBins) -> list[pl.Expr]:
    """Return the missing values, then those at or below each edge; or those equal to each category, and the rare."""
    values = pl.col(column.name)
    if column.kind == "category":
        equal = [(values == category).sum() for category in column.categories]
        return [values.null_count(), *equal, values.is_in(column.rare).sum()]
    return [values.null_count(), *((values <= edge).sum() for edge in column.edges)]


def _per_bin(column: ColumnBins, found: list[int], n_rows: int) -> tuple[int, ...]:
    missing, *values = found
    known = n_rows - missing
    if column.kind == "category":
        return (*values, known - sum(values), missing)
    at_most = [0, *values, known]
    return (*(upper - lower for lower, upper in itertools.pairwise(at_most)), missing)


def as_lazy(frame: pd.DataFrame | pl.DataFrame | pl.LazyFrame, kinds: Mapping[str, str]) -> pl.LazyFrame:
    """Return the columns of a profile alone: numbers as floats without NaN, categories as text.

    A column that is missing, or should be a number and is not, is a DataError.
    """
    lazy = frame.lazy() if isinstance(frame, pl.DataFrame | pl.LazyFrame) else _from_pandas(frame, kinds).lazy()
    schema = lazy.collect_schema()
    for name in kinds:
        if name not in schema:
            raise DataError(f"column '{name}' of the reference is not in the data. {did_you_mean(name, schema)}")
    return lazy.select(
        _text(name, schema[name]) if kind == "category" else _number(name, schema[name]) for name, kind in kinds.items()
    )


def _number(name: str, dtype: pl.DataType) -> pl.Expr:
    if not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)):
        raise DataError(f"column '{name}' holds {dtype}, but the reference has numbers")
    return pl.col(name).cast(pl.Float64).fill_nan(None)


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a category as text; whole floats as integers, since one missing value makes floats of pandas' integers."""
    values = pl.col(name)
    if not dtype.is_float():
        return values.cast(pl.String)
    values = values.fill_nan(None)
    whole = (values == values.round()) & (values.abs() < EXACT_INTEGERS)
    return pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))


def _from_pandas(frame: pd.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    columns = {}
    for name in kinds:
        if name in frame:
            try:
                columns[name] = pl.from_pandas(frame[name])
            except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
                raise DataError(f"column '{name}' mixes types: {error}") from None
    return pl.DataFrame(columns)
