"""Plots of a regression: predicted against actual, and the residuals."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from ml_platform.evaluation.checked import checked
from ml_platform.plotting import GREY, png

MAX_POINTS = 500
"""Rows drawn: more than a small plot can tell apart."""

BINS = 40


def prediction_points(y: ArrayLike, predictions: ArrayLike) -> list[dict[str, float]]:
    """Return `actual` and `predicted` of at most MAX_POINTS rows, evenly taken along the actual values.

    Raises
    ------
    DataError
        When there is nothing to plot, lengths differ, or a value is missing or infinite.
    """
    actual, predicted = checked(y, predictions, classes=False)
    order = np.argsort(actual, kind="stable")
    kept = order[np.unique(np.linspace(0, len(order) - 1, MAX_POINTS).astype(int))]
    return [{"actual": float(actual[row]), "predicted": float(predicted[row])} for row in kept]


def prediction_plot(y: ArrayLike, predictions: ArrayLike) -> bytes:
    """Return a PNG of predicted against actual numbers, of MAX_POINTS rows at most; right is on the diagonal."""
    points = prediction_points(y, predictions)
    middle = float(np.mean([point["actual"] for point in points]))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlabel="actual", ylabel="predicted")
        axes.axline((middle, middle), slope=1, color=GREY, linewidth=0.8, linestyle="--")
        actual, predicted = ([point[name] for point in points] for name in ("actual", "predicted"))
        axes.scatter(actual, predicted, s=6, alpha=0.5, linewidths=0)

    return png(draw, 4, 3.6)


def residual_plot(y: ArrayLike, predictions: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of how actual - predicted is distributed, per named model, on common bins."""
    residuals = {name: np.subtract(*checked(y, values, classes=False)) for name, values in predictions.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(residuals.values())), bins=BINS)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlabel="actual - predicted", ylabel="rows")
        for name, values in residuals.items():
            axes.hist(values, bins=list(edges), histtype="step", label=name, linewidth=1.2)
        axes.axvline(0, color=GREY, linewidth=0.8, linestyle="--")
        axes.legend()

    return png(draw, 4, 3.6)
