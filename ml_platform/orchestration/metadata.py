"""What assets show in the UI. Light to import; `table_metadata` describes the rows of tables."""

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from ml_platform.stores.artifact import Manifest

Estimate = Mapping[str, float | None]
"""`value`, `low` and `high` of a metric; None stands for what is not a number."""


def image(png: bytes, title: str) -> dg.MarkdownMetadataValue:
    """Return a plot that the UI draws in place."""
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{base64.b64encode(png).decode()})")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Return a table; a cell is shown as Python's `str` gives it."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def table_schema(manifest: Manifest, meanings: Mapping[str, str]) -> dg.TableSchema:
    """Return a table's columns in the form that the UI shows."""
    return dg.TableSchema([dg.TableColumn(c.name, c.type, meanings.get(c.name)) for c in manifest.columns])


def estimates(named: Mapping[str, Mapping[str, Estimate]]) -> dg.MarkdownMetadataValue:
    """Return metrics by model as a table, each with its interval."""
    metrics = list(dict.fromkeys(metric for values in named.values() for metric in values))
    rows = ([metric, *(interval(values.get(metric)) for values in named.values())] for metric in metrics)
    return markdown_table(["metric", *named], rows)


def interval(estimate: Estimate | None) -> str:
    """Return ``"0.681 [0.671, 0.690]"``, and ``"-"`` for what was not measured."""
    if estimate is None or None in estimate.values():
        return "-"
    value, low, high = (
        f"{number:{',.4g' if abs(number) >= 1000 else '.3f'}}"
        for key in ("value", "low", "high")
        if (number := estimate[key]) is not None
    )
    return f"{value} [{low},\N{NO-BREAK SPACE}{high}]"


def numbers(prefix: str, named: Mapping[str, Estimate]) -> dict[str, float]:
    """Return the value of each metric as ``<prefix>_<metric>``, which Dagster plots over partitions.

    What is not a number is left out: a plot has a gap there.
    """
    return {
        f"{prefix}_{metric}": number
        for metric, estimate in named.items()
        if (number := estimate["value"]) is not None and math.isfinite(number)
    }


def run_link(url: str | None, run_id: str) -> dg.MetadataValue[Any]:
    """Return a link to an MLflow run, or its id where no UI is known."""
    return dg.MetadataValue.url(url) if url else dg.MetadataValue.text(run_id)
