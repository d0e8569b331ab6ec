"""The plots of an exploration: one style, PNG, the same bytes for the same numbers."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ml_platform.exploration.associations import Association
from ml_platform.exploration.columns import Column
from ml_platform.exploration.distributions import Distribution
from ml_platform.exploration.label_issues import LabelIssues
from ml_platform.exploration.shift import Shift
from ml_platform.exploration.target import TargetPart
from ml_platform.plotting import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, png, written

PART_COLORS = {"train": GREY, "validation": ORANGE, "test": BLUE}
LINES = (PURPLE, GREEN, BLUE, ORANGE)

MAX_BARS = 30
"""Bars of a plot; the tables have all."""


def distribution_plot(distribution: Distribution) -> bytes:
    """Return bars per part, and below them what the target does along the feature."""

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, sharex=True, height_ratios=[3, 2])
        _draw_shares(upper, distribution)
        _draw_outcomes(lower, distribution)
        _name_bins(lower, distribution)

    return png(draw, 4.4, 3.3)


def _draw_shares(axes: Axes, distribution: Distribution) -> None:
    width = 0.9 / len(distribution.shares)
    for place, (part, shares) in enumerate(distribution.shares.items()):
        starts = [bin_place - 0.45 + place * width for bin_place in range(len(shares))]
        axes.bar(starts, shares, width, align="edge", color=PART_COLORS.get(part, GREEN), label=part)
    axes.set_ylabel("share of rows")
    axes.legend(ncols=3, fontsize=7, loc="lower right", bbox_to_anchor=(1, 1), borderpad=0)


def _draw_outcomes(axes: Axes, distribution: Distribution) -> None:
    names = [written(name) for name in distribution.outcomes]
    line = "-" if distribution.kind == "number" else ""
    for color, name, values in zip(LINES, names, distribution.outcomes.values(), strict=False):
        xs = [x for x, value in enumerate(values) if value is not None]
        ys = [value for value in values if value is not None]
        axes.plot(xs, ys, color=color, marker="o", markersize=3, linewidth=1, linestyle=line, label=name)
    if distribution.outcomes_are_shares:
        axes.set_ylim(bottom=0)  # what is small beside the share itself looks small
    axes.set_ylabel(names[0] if len(names) == 1 else "share of class")
    if len(names) > 1:
        axes.legend(fontsize=6)


def _name_bins(axes: Axes, distribution: Distribution) -> None:
    if distribution.edges:
        shown = range(0, len(distribution.edges), 4)
        places, names = [place - 0.5 for place in shown], [f"{distribution.edges[place]:.4g}" for place in shown]
        if distribution.bins[-1] == "(missing)":  # in the place of the last edge
            places[-1], names[-1] = len(distribution.bins) - 1, distribution.bins[-1]
        axes.set_xticks(places, names, rotation=35, ha="right")
    else:
        names = [written(name, 12) for name in distribution.bins]
        axes.set_xticks(range(len(names)), names, rotation=35, ha="right")


def target_plot(parts: Sequence[TargetPart]) -> bytes:
    """Return the shares of the classes in each part, or the quartiles of the numbers."""
    shown = [part for part in parts if part.n_rows][::-1]
    names = [f"{part.part}   {part.n_rows:,}" for part in shown]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        if shown[0].counts:
            _stack_classes(axes, shown)
        else:
            for place, part in enumerate(shown):
                low, first, median, third, high = part.quantiles
                axes.plot([low, high], [place, place], color=GREY, linewidth=1)
                axes.plot([first, third], [place, place], color=BLUE, linewidth=8, solid_capstyle="butt")
                axes.plot([median], [place], color="white", marker="|", markersize=9, markeredgewidth=2)
            axes.set_xlabel("minimum, quartiles and maximum of the target")
        axes.set_yticks(range(len(names)), names)

    return png(draw, 6, 0.9 + 0.32 * len(shown))


def _stack_classes(axes: Axes, parts: Sequence[TargetPart]) -> None:
    starts = [0.0] * len(parts)
    for place, name in enumerate(parts[0].counts):
        widths = [part.counts[name] / part.n_rows for part in parts]
        axes.barh(range(len(parts)), widths, left=starts, color=colormaps["tab20c"](place % 20), label=written(name))
        starts = [start + width for start, width in zip(starts, widths, strict=True)]
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of the part's rows")
    if len(parts[0].counts) <= 10:
        axes.legend(ncols=5, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1))


def association_plot(associations: Sequence[Association]) -> bytes:
    """Return a bar per feature with its interval."""
    known = [a for a in associations if a.auc is not None]
    bars = [(a.column, a.auc or 0.0) for a in known]
    intervals = [(a.low or 0.0, a.high or 1.0) for a in known]
    return _bars(bars, "AUC of the feature alone for the target", BLUE, base=0.5, intervals=intervals)


def missing_plot(columns: Sequence[Column]) -> bytes:
    """Return a bar for each column that misses something."""
    shares = [(c.name, c.missing / c.n_rows) for c in columns if c.missing]
    return _bars(sorted(shares, key=lambda bar: -bar[1]), "share of missing rows", ORANGE)


def outlier_plot(columns: Sequence[Column]) -> bytes:
    """Return a bar for each column with values outside Tukey's fences."""
    shares = [(c.name, c.outliers.tukey / c.n_rows) for c in columns if c.outliers and c.outliers.tukey]
    return _bars(sorted(shares, key=lambda bar: -bar[1]), "share outside the fences", ORANGE)


def shift_plot(shift: Shift) -> bytes:
    """Return a bar per feature: how well it tells the parts apart alone; and a line for all features together."""
    label = f"AUC of one feature alone, train against {shift.part}"
    return _bars(shift.alone, label, PART_COLORS.get(shift.part, GREEN), base=0.5, line=shift.auc)


def label_plot(issues: LabelIssues, task: str) -> bytes:
    """Return the histogram of how well the labels agree with a model that has not seen them."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.stairs(issues.quality_counts, issues.quality_edges, fill=True, color=BLUE)
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_minor_formatter("")
        regression = task == "regression"
        axes.set_xlabel("residual in robust standard deviations" if regression else "probability of the given label")
        axes.set_ylabel("rows")

    return png(draw, 6, 2.4)


def _bars(
    bars: Sequence[tuple[str, float]],
    label: str,
    color: str,
    *,
    base: float = 0.0,
    intervals: Sequence[tuple[float, float]] = (),
    line: float | None = None,
) -> bytes:
    """Return a horizontal bar from `base` for each name and value, the first on top."""
    shown = bars[:MAX_BARS][::-1]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        values = [value for _, value in shown]
        axes.barh(range(len(shown)), [value - base for value in values], left=base, color=color)
        if intervals:
            lows, highs = zip(*intervals[:MAX_BARS][::-1], strict=True)
            whiskers = [np.subtract(values, lows), np.subtract(highs, values)]
            axes.errorbar(values, range(len(shown)), xerr=whiskers, fmt="none", ecolor=INK, elinewidth=0.9)
        if line is not None:
            axes.axvline(line, color=INK, linewidth=1, linestyle="--", label=f"all features: {line:.3f}")
            axes.legend(loc="lower right", bbox_to_anchor=(1, 1), borderpad=0)
            axes.set_xlim(min(0.45, line, *values), 1)  # what is nothing looks like nothing
        axes.axvline(base, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(shown)), [written(name) for name, _ in shown])
        axes.set_xlabel(label)

    return png(draw, 6, 0.8 + 0.22 * len(shown))
