"""Columns of source tables, and their values as numbers or text."""

from collections.abc import Iterable
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError


def require_columns(frame: pd.DataFrame, columns: Iterable[str], table: str, needed_by: str) -> None:
    """Reject a table that lacks a column, which `needed_by` needs."""
    for column in columns:
        if column not in frame.columns:
            raise DataError(
                f"table '{table}' ({len(frame):,} rows) has no column '{column}', which {needed_by} needs. "
                f"{did_you_mean(column, map(str, frame.columns))}"
            )


def as_numbers(values: pd.Series, where: str) -> pd.Series:
    """Return values as float64, or raise a DataError.

    Text and times are rejected, not parsed: the contract declares them to be such.
    """
    known = values.dropna()
    is_number = (
        pd.api.types.is_numeric_dtype(values.dtype) or known.map(lambda value: isinstance(value, Real | Decimal)).all()
    )
    if not is_number:
        raise DataError(f"{where} is declared a number, but holds {values.dtype} values such as {known.iloc[0]!r}")
    numbers = np.full(len(values), np.nan)
    numbers[values.notna().to_numpy()] = known.to_numpy("float64")
    return pd.Series(numbers, index=values.index, name=values.name)


def as_text(values: pd.Series) -> pd.Series:
    """Return values as Python strings, None where missing.

    A whole number is written without ``.0``: the same column may hold integers in one partition and floats in another.
    """
    text = values.astype("object").map(_text, na_action="ignore").astype("object")  # floats where all are missing
    return text.where(values.notna(), None)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
