"""Run expectations: the table is read once for all of them, and Great Expectations decides on what was counted.

What it needs to know of a table (its metrics) is counted in one pass of Polars expressions; results and observed
values are the library's own. Expectations without such an expression go through its engine on pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ml_platform.contract.answers import Answer
from ml_platform.contract.expectations import Expectation
from ml_platform.contract.measured import Measured, decide, measure
from ml_platform.contract.pandas_engine import validate_on_pandas

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

COLUMN_WORDS = ("column", "column_A", "column_B", "column_list", "column_set")
"""Arguments that name columns."""


def validate(table: pd.DataFrame | pl.LazyFrame, asked: Sequence[Expectation]) -> list[Answer]:
    """Return the answers in the order asked.

    Parameters
    ----------
    table
        A frame with rows numbered from 0, or a scanned file, of which only the columns that are asked about are read.
    """
    import polars as pl

    lazy = table if isinstance(table, pl.LazyFrame) else _convertible(table, asked)
    measured = measure(lazy, asked)
    answers = {number: decide(asked[number], one) for number, one in measured.items()}
    answers |= _by_pandas(table, asked, measured)
    return [answers[number] for number in range(len(asked))]


def _by_pandas(
    table: pd.DataFrame | pl.LazyFrame, asked: Sequence[Expectation], measured: dict[int, Measured]
) -> dict[int, Answer]:
    import polars as pl

    numbers = [number for number in range(len(asked)) if number not in measured]
    if not numbers:
        return {}
    rest = [asked[number] for number in numbers]
    # without arguments that name its columns, an expectation may be about any of them
    if isinstance(table, pl.LazyFrame):
        named = [columns_of(one) for one in rest]
        present = table.collect_schema().names()
        wanted = [name for name in present if name in set().union(*named)] if all(named) else present
        table = table.select(wanted).collect().to_pandas()
    return dict(zip(numbers, validate_on_pandas(table, rest), strict=True))


def columns_of(asked: Expectation) -> set[str]:
    """Return the columns that an expectation names."""
    stated = [asked.arguments[word] for word in COLUMN_WORDS if word in asked.arguments]
    return {name for one in stated for name in ([one] if isinstance(one, str) else one)}


def _convertible(frame: pd.DataFrame, asked: Sequence[Expectation]) -> pl.LazyFrame:
    """Return the columns asked about that mean the same in Polars; a row number keeps the height of a frame of none."""
    import polars as pl

    named = set().union(*(columns_of(one) for one in asked))
    names = [name for name in frame.columns if name in named and _means_the_same(frame[name])]
    columns = {name: pl.from_pandas(frame[name], nan_to_null=True) for name in names}
    return pl.DataFrame(columns, height=len(frame)).lazy() if columns else pl.LazyFrame({"": range(len(frame))})


def _means_the_same(values: pd.Series) -> bool:
    """Whether a column is of one type that Polars has too; pandas' own types with missing values are left out."""
    import pandas as pd

    if values.dtype == object:
        return pd.api.types.infer_dtype(values, skipna=True) in ("string", "boolean")
    return str(values.dtype) in ("int64", "float64", "bool") or pd.api.types.is_datetime64_any_dtype(values.dtype)
