"""Columns of source tables, and their values as numbers and categories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from ml_platform.features.settings import Kind


def require_columns(frame: pd.DataFrame, columns: Iterable[str], table: str, needed_by: str) -> None:
    """Reject a table that lacks a column.

    Raises
    ------
    DataError
        Naming the table, its rows and columns, the column, what needs it, and a guess.
    """
    for column in columns:
        if column not in frame.columns:
            raise DataError(
                f"table '{table}' ({len(frame):,} rows) has no column '{column}', which {needed_by} needs. "
                f"{did_you_mean(column, map(str, frame.columns))}"
            )


def as_kind(values: pd.Series, kind: Kind, where: str) -> pd.Series:
    """Return values as float64 (number) or as text (category), missing ones staying missing.

    Raises
    ------
    DataError
        When a number is asked for and the values are something else.
    """
    return as_numbers(values, where) if kind == "number" else as_text(values)


def as_numbers(values: pd.Series, where: str) -> pd.Series:
    """Return values as float64; text and times are rejected rather than parsed, since a contract has typed them."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.astype("float64")
    known = values.dropna()
    if not len(known):
        return pd.Series(float("nan"), index=values.index, name=values.name, dtype="float64")
    if pd.api.types.is_object_dtype(values.dtype) and known.map(_is_number).all():
        return pd.to_numeric(values).astype("float64")
    raise DataError(f"{where} is declared a number, but holds {values.dtype} values such as {known.iloc[0]!r}")


def _is_number(value: object) -> bool:
    from decimal import Decimal
    from numbers import Real

    return isinstance(value, Real | Decimal)


def as_text(values: pd.Series) -> pd.Series:
    """Return values as Python strings, None where missing.

    A whole number is written without ``.0``: an integer column that has missing values is read as floats, and its
    categories must not change with that, nor with the other rows of a partition.
    """
    text = values.astype("object").map(_word, na_action="ignore")
    return text.where(values.notna(), None).astype("object")


def _word(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
