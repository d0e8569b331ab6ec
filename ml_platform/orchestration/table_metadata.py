"""What the UI shows of the rows of a table."""

from typing import Any

import dagster as dg
import pandas as pd

from ml_platform.orchestration.metadata import markdown_table


def preview(frame: pd.DataFrame, n_rows: int = 5) -> dg.MarkdownMetadataValue:
    """Return the first rows as a table."""
    head = frame.head(n_rows)
    return markdown_table(list(head.columns), head.astype(object).where(head.notna(), "").itertuples(index=False))


def summary(frame: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """Return a line per column: missing share, distinct values, and the range or the most frequent value."""
    return markdown_table(["column", "missing", "distinct", "typical"], (_describe(frame[c]) for c in frame.columns))


def _describe(column: "pd.Series[Any]") -> tuple[str, str, str, str]:
    known = column.dropna()
    if known.empty:
        typical = "nothing"
    elif pd.api.types.is_numeric_dtype(known) or pd.api.types.is_datetime64_any_dtype(known):
        typical = f"{_short(known.min())} … {_short(known.median())} … {_short(known.max())}"
    else:
        counts = known.astype(str).value_counts()
        typical = f"{counts.index[0]} ({counts.iloc[0] / len(known):.0%})"
    return str(column.name), f"{column.isna().mean():.1%}", f"{known.nunique():,}", typical


def _short(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) else str(value)
