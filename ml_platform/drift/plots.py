"""A drift report as a picture and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from ml_platform.drift.compare import ColumnDrift, DriftReport, written_p

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = {"ok": "#4c8c6b", "warn": "#d99a2b", "critical": "#c2483d", "insufficient_data": "#9a9a9a"}


SHOWN_COLUMNS = 40
"""Bars of a plot; the table has all columns."""


def drift_plot(report: DriftReport) -> bytes:
    """Return a PNG: a bar per column, the largest on top, with the thresholds; the same report gives the same bytes."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = report.largest_first()[:SHOWN_COLUMNS][::-1]
    # The defaults, whatever matplotlibrc the machine has; and no pyplot, which keeps figures in the process.
    with rc_context({"font.family": "DejaVu Sans", "font.size": 8, "text.parse_math": False}):
        figure = Figure(figsize=(6, 0.8 + 0.24 * len(columns)), dpi=90, layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure.add_subplot(), report, columns)
        png = BytesIO()
        figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _draw(axes: Axes, report: DriftReport, columns: Sequence[ColumnDrift]) -> None:
    axes.barh(
        range(len(columns)),
        [column.value or 0.0 for column in columns],
        color=[COLORS[column.level] for column in columns],
        tick_label=[f"{column.column}   {_number(column.value, '.2f')}" for column in columns],
    )
    for level, limit in (("warn", report.warn), ("critical", report.critical)):
        axes.axvline(limit, color=COLORS[level], linewidth=1, linestyle="--", label=f"{level} at {limit:g}")
    # Linear up to the critical size, logarithmic beyond: a PSI of 5 in one column must not hide one of 0.2 in another.
    axes.set_xscale("symlog", linthresh=report.critical)
    largest = max([column.value or 0.0 for column in columns] + [2 * report.critical])
    beyond = [tick for tick in (0.5, 1, 2, 5, 10, 20) if 1.5 * report.critical < tick < largest]
    axes.set_xticks([0, report.warn, report.critical, *beyond], minor=False)
    axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(0, 1.1 * largest)
    axes.set_xlabel(report.metric.replace("_", " "))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right")


def drift_table(report: DriftReport) -> str:
    """Return a Markdown table, the largest value first."""
    lines = [
        f"| column | {report.metric.replace('_', ' ')} | p, adjusted | level | check_result |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    return "\n".join(lines + [_row(column) for column in report.largest_first()])


def _row(column: ColumnDrift) -> str:
    chance = "-" if column.p_adjusted is None else written_p(column.p_adjusted).removeprefix("p ")
    cells = [
        column.column,
        _number(column.value, ".3f"),
        chance,
        column.level.replace("_", " "),
        column.message.removeprefix(f"{column.column}: ").rpartition("; ")[2],
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
