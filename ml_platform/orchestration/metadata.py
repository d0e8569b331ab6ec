"""What assets show in the UI."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.task import BINARY, REGRESSION, Output

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def image(png: bytes, title: str) -> dg.MarkdownMetadataValue:
    """Return a plot that the UI draws in place."""
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{base64.b64encode(png).decode()})")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Return a table; a cell is shown as Python's `str` gives it."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def preview(frame: pd.DataFrame, n_rows: int = 5) -> dg.MarkdownMetadataValue:
    """Return the first rows as a table."""
    head = frame.head(n_rows)
    return markdown_table(list(head.columns), head.astype(object).where(head.notna(), "").itertuples(index=False))


def summary(frame: pd.DataFrame) -> dg.MarkdownMetadataValue:
    """Return a line per column: missing share, distinct values, and the range or the most frequent value."""
    return markdown_table(["column", "missing", "distinct", "typical"], (_describe(frame[c]) for c in frame.columns))


def outcomes(output: Output, labels: np.ndarray) -> str:
    """Return known labels in a line: the share of each class, or the range of the numbers."""
    import numpy as np

    if not len(labels):
        return "none"
    if output.task == REGRESSION:
        return " … ".join(_short(float(np.quantile(labels, share))) for share in (0, 0.5, 1))
    shares = np.bincount(labels.astype(int), minlength=len(output.class_names)) / len(labels)
    if output.task == BINARY:
        return f"{shares[1]:.1%} positive"
    return ", ".join(f"{name} {share:.1%}" for name, share in zip(output.class_names, shares, strict=True))


def _describe(column: pd.Series) -> tuple[str, str, str, str]:
    import pandas as pd

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


def estimates(named: Mapping[str, Mapping[str, Mapping[str, float]]]) -> dg.MarkdownMetadataValue:
    """Return metrics by model as a table, each with its interval."""
    metrics = list(dict.fromkeys(metric for values in named.values() for metric in values))
    rows = ([metric, *(_interval(values.get(metric)) for values in named.values())] for metric in metrics)
    return markdown_table(["metric", *named], rows)


def _interval(estimate: Mapping[str, float] | None) -> str:
    if estimate is None:
        return "-"
    value, low, high = (
        f"{estimate[key]:{',.4g' if abs(estimate[key]) >= 1000 else '.3f'}}" for key in ("value", "low", "high")
    )
    return f"{value} [{low},\N{NO-BREAK SPACE}{high}]"


def run_link(url: str | None, run_id: str) -> dg.MetadataValue[Any]:
    """Return a link to an MLflow run, or its id where no UI is known."""
    return dg.MetadataValue.url(url) if url else dg.MetadataValue.text(run_id)
