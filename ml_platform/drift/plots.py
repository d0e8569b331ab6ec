"""A drift report as a plot and as a table."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from ml_platform.drift.report import ColumnDrift, DriftReport, written_p
from ml_platform.plotting import GREEN, GREY, ORANGE, RED, png, written

COLORS = {"ok": GREEN, "warning": ORANGE, "critical": RED, "too_few_rows": GREY}

SHOWN_COLUMNS = 40
"""Bars of a plot; the table has all columns."""


def drift_plot(report: DriftReport) -> bytes:
    """Return a PNG: a bar per column, the largest on top, with the thresholds."""
    columns = report.largest_first()[:SHOWN_COLUMNS][::-1]
    return png(lambda figure: _draw(figure.add_subplot(), report, columns), 6, 0.8 + 0.24 * len(columns))


def _draw(axes: Axes, report: DriftReport, columns: Sequence[ColumnDrift]) -> None:
    axes.barh(
        range(len(columns)),
        [column.value or 0.0 for column in columns],
        color=[COLORS[column.level] for column in columns],
        tick_label=[f"{written(column.column)}   {_number(column.value, '.2f')}" for column in columns],
    )
    for level, limit in (("warning", report.warning), ("critical", report.critical)):
        axes.axvline(limit, color=COLORS[level], linewidth=1, linestyle="--", label=f"{level} at {limit:g}")
    # Linear up to the critical size, logarithmic beyond: a PSI of 5 in one column must not hide one of 0.2 in another.
    axes.set_xscale("symlog", linthresh=report.critical)
    largest = max([column.value or 0.0 for column in columns] + [2 * report.critical])
    beyond = [tick for tick in (0.5, 1, 2, 5, 10, 20) if 1.5 * report.critical < tick < largest]
    axes.set_xticks([0, report.warning, report.critical, *beyond], minor=False)
    axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(0, 1.1 * largest)
    axes.set_xlabel(report.metric.replace("_", " "))
    axes.legend(loc="lower right")


def drift_table(report: DriftReport) -> str:
    """Return a Markdown table, the largest value first."""
    lines = [
        f"| column | {report.metric.replace('_', ' ')} | p, adjusted | level | largest change |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    return "\n".join(lines + [_row(column) for column in report.largest_first()])


def _row(column: ColumnDrift) -> str:
    cells = [
        column.column,
        _number(column.value, ".3f"),
        "-" if column.p_adjusted is None else written_p(column.p_adjusted).removeprefix("p "),
        column.level.replace("_", " "),
        column.message.removeprefix(f"{column.column}: ").rpartition("; ")[2],
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
