"""A drift report as a picture and as a table."""

from __future__ import annotations

from io import BytesIO

from ml_platform.drift.compare import DriftReport

COLORS = {"ok": "#4c8c6b", "warn": "#d99a2b", "critical": "#c2483d", "insufficient_data": "#9a9a9a"}


def drift_plot(report: DriftReport) -> bytes:
    """Return a PNG: a bar per column, the largest on top, with the thresholds; the same report gives the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = report.largest_first()[::-1]
    figure = Figure(figsize=(6, 0.8 + 0.24 * len(columns)), dpi=80, layout="tight")
    axes = figure.add_subplot()
    axes.barh(
        [column.column for column in columns],
        [column.value or 0.0 for column in columns],
        color=[COLORS[column.level] for column in columns],
    )
    for limit, color in ((report.warn, COLORS["warn"]), (report.critical, COLORS["critical"])):
        axes.axvline(limit, color=color, linewidth=1, linestyle="--")
    axes.set_xlabel(report.metric.replace("_", " "))
    axes.spines[["top", "right"]].set_visible(False)
    content = BytesIO()
    FigureCanvasAgg(figure).print_png(content, metadata={"Software": None})
    return content.getvalue()


def drift_table(report: DriftReport) -> str:
    """Return a Markdown table, the largest value first."""
    lines = [f"| column | {report.metric.replace('_', ' ')} | p, adjusted | level |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {c.column} | {_number(c.value, '.3f')} | {_number(c.p_adjusted, '.1g')} | {c.level.replace('_', ' ')} |"
        for c in report.largest_first()
    ]
    return "\n".join(lines)


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)
