"""What the UI shows of the rows of a table."""

from collections.abc import Collection
from typing import Any

import dagster as dg
import pandas as pd

from ml_platform.contract.table_rule import hashed
from ml_platform.orchestration.metadata import markdown_table

FIRST_ROWS = 5
"""Rows of a preview."""


def preview(frame: pd.DataFrame, hidden: Collection[str] = ()) -> dg.MarkdownMetadataValue:
    """Return the first rows as a table, with hashes for the values of the columns `hidden`."""
    head = _hide(frame.head(FIRST_ROWS), hidden)
    return markdown_table(list(head.columns), head.astype(object).where(head.notna(), "").itertuples(index=False))


def _hide(frame: pd.DataFrame, hidden: Collection[str]) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].map(hashed) for name in frame.columns if name in hidden})


def share_missing(frame: pd.DataFrame) -> float:
    """Return the share (0 to 1) of all values that are missing; 0 for a table without values."""
    return float(frame.isna().to_numpy().mean()) if frame.size else 0.0


def summary(frame: pd.DataFrame, hidden: Collection[str] = ()) -> dg.MarkdownMetadataValue:
    """Return a line per column: missing share, distinct values, and the range or the most frequent value.

    Of the columns `hidden` no value is shown.
    """
    rows = (_describe(frame[name], hidden=name in hidden) for name in frame.columns)
    return markdown_table(["column", "missing", "distinct", "typical"], rows)


def _describe(column: "pd.Series[Any]", *, hidden: bool) -> tuple[str, str, str, str]:
    known = column.dropna()
    if known.empty or hidden:
        typical = "personal" if hidden else "nothing"
    elif pd.api.types.is_numeric_dtype(known) or pd.api.types.is_datetime64_any_dtype(known):
        typical = f"{_short(known.min())} … {_short(known.median())} … {_short(known.max())}"
    else:
        counts = known.astype(str).value_counts()
        typical = f"{counts.index[0]} ({counts.iloc[0] / len(known):.0%})"
    return str(column.name), f"{column.isna().mean():.1%}", f"{known.nunique():,}", typical


def _short(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) else str(value)
