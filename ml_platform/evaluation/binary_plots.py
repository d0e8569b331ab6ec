"""Plots of a binary model: ROC and calibration curves."""

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from sklearn.metrics import roc_curve

from ml_platform.evaluation.checked import checked
from ml_platform.plotting import GREY, png

MAX_POINTS = 200
"""Points kept of a ROC curve: more than a plot of a few hundred pixels can show."""

BINS = 10

Point = dict[str, float]


def roc_points(y: ArrayLike, scores: ArrayLike) -> list[Point]:
    """Return `false_positive_rate`, `true_positive_rate` along the ROC curve, at most MAX_POINTS of them.

    Raises
    ------
    DataError
        When there is nothing to plot, a value is missing, or a class is absent.
    """
    false_positive_rate, true_positive_rate, _ = roc_curve(*checked(y, scores, classes=True))
    kept = np.unique(np.linspace(0, len(false_positive_rate) - 1, MAX_POINTS).astype(int))
    return [
        {"false_positive_rate": float(false_positive_rate[i]), "true_positive_rate": float(true_positive_rate[i])}
        for i in kept
    ]


def calibration_points(y: ArrayLike, scores: ArrayLike) -> list[Point]:
    """Return `mean_score`, `share_of_positives`, `n_rows` per bin of the score, lowest first.

    The BINS bins hold about equally many rows, as ``sklearn.calibration.calibration_curve(strategy="quantile")``; equal
    scores are never parted, so that there may be fewer bins.

    Raises
    ------
    DataError
        As `roc_points`.
    """
    labels, probability = checked(y, scores, classes=True)
    edges = np.quantile(probability, np.linspace(0, 1, BINS + 1))
    bin_of_row = np.searchsorted(edges[1:-1], probability)
    points = []
    for code in np.unique(bin_of_row):
        inside = bin_of_row == code
        mean, share = float(probability[inside].mean()), float(labels[inside].mean())
        points.append({"mean_score": mean, "share_of_positives": share, "n_rows": int(inside.sum())})
    return points


def roc_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the ROC curve of each named model."""
    return _curves(lambda values: roc_points(y, values), scores, "false_positive_rate", "true_positive_rate")


def calibration_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the share of positives against the score, per named model; calibrated means on the diagonal."""
    return _curves(lambda values: calibration_points(y, values), scores, "mean_score", "share_of_positives", marker="o")


def _curves(
    points_of: Callable[[ArrayLike], list[Point]], scores: Mapping[str, ArrayLike], x: str, y: str, marker: str = ""
) -> bytes:
    """Return a PNG of each model's points on the unit square."""

    def draw(figure: Figure) -> None:
        axes: Axes = figure.add_subplot(
            xlim=(0, 1), ylim=(0, 1), xlabel=x.replace("_", " "), ylabel=y.replace("_", " ")
        )
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--")
        for name, values in scores.items():
            points = points_of(values)
            axes.plot([point[x] for point in points], [point[y] for point in points], label=name, marker=marker)
        axes.legend()

    return png(draw, 4, 3.6)
