"""What assets show in the UI. Light to import; `table_metadata` describes the rows of tables."""

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeGuard

import dagster as dg

from ml_platform.stores.artifact import Manifest

Estimate = Mapping[str, float | None]
"""`value`, `low` and `high` of a metric; None stands for what is not a number."""

NO_BREAK = "\N{NO-BREAK SPACE}"


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
    return _by_metric({name: _cells(values, interval) for name, values in named.items()})


def comparison(named: Mapping[str, Mapping[str, Estimate]], gain: Mapping[str, Estimate]) -> dg.MarkdownMetadataValue:
    """Return the metrics of two models beside each other, then the gain and its interval."""
    columns = {name: _cells(values, value) for name, values in named.items()}
    return _by_metric({**columns, "gain": _cells(gain, value), "interval": _cells(gain, bounds)})


def intervals(named: Mapping[str, Mapping[str, Estimate]]) -> dg.MarkdownMetadataValue:
    """Return the interval of each metric by model as a table."""
    return _by_metric({name: _cells(values, bounds) for name, values in named.items()})


def value(estimate: Estimate | None) -> str:
    """Return ``"0.681"``, and ``"-"`` for what was not measured."""
    return _short(estimate["value"]) if _known(estimate) else "-"


def bounds(estimate: Estimate | None) -> str:
    """Return ``"[0.671, 0.690]"``, and ``"-"`` for what was not measured."""
    return f"[{_short(estimate['low'])}, {_short(estimate['high'])}]" if _known(estimate) else "-"


def interval(estimate: Estimate | None) -> str:
    """Return ``"0.681 [0.671, 0.690]"``, and ``"-"`` for what was not measured."""
    return f"{value(estimate)} {bounds(estimate).replace(' ', NO_BREAK)}" if _known(estimate) else "-"


def numbers(prefix: str, named: Mapping[str, Estimate]) -> dict[str, float]:
    """Return the value of each metric as ``<prefix>_<metric>``, which Dagster plots over partitions.

    What is not a number is left out: a plot has a gap there.
    """
    return {
        f"{prefix}_{metric}": number
        for metric, estimate in named.items()
        if (number := estimate["value"]) is not None and math.isfinite(number)
    }


def link(url: str | None, title: str) -> dg.MetadataValue[Any]:
    """Return a link, or only its title where no address is known.

    An address that stands for itself is so wide that the UI cuts off whatever else an asset's page says.
    """
    return dg.MetadataValue.md(f"[{title}]({url})") if url else dg.MetadataValue.text(title)


def _by_metric(columns: Mapping[str, Mapping[str, str]]) -> dg.MarkdownMetadataValue:
    """Return a table with a line per metric. Names with spaces can wrap, so a narrow window shows more columns."""
    metrics = dict.fromkeys(metric for cells in columns.values() for metric in cells)
    rows = ([metric.replace("_", " "), *(cells.get(metric, "-") for cells in columns.values())] for metric in metrics)
    return markdown_table(["metric", *columns], rows)


def _cells(estimated: Mapping[str, Estimate], show: Callable[[Estimate], str]) -> dict[str, str]:
    return {metric: show(estimate) for metric, estimate in estimated.items()}


def _known(estimate: Estimate | None) -> TypeGuard[Mapping[str, float]]:
    return estimate is not None and None not in estimate.values()


def _short(number: float) -> str:
    return f"{number:{',.4g' if abs(number) >= 1000 else '.3f'}}"
