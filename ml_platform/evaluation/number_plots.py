"""Pictures of a regression: predicted against actual, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.evaluation.checked import finite
from ml_platform.evaluation.drawing import png

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

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
    actual, predicted = _numbers(y, predictions)
    return [{"actual": float(actual[row]), "predicted": float(predicted[row])} for row in _spread(actual)]


def prediction_plot(y: ArrayLike, predictions: ArrayLike) -> bytes:
    """Return a PNG of the predicted against the actual numbers of MAX_POINTS rows at most; right is on the diagonal."""
    actual, predicted = _numbers(y, predictions)
    shown = _spread(actual)

    def draw(axes: Axes) -> None:
        axes.axline((float(actual.mean()), float(actual.mean())), slope=1, color="0.7", linewidth=0.8, linestyle="--")
        axes.scatter(actual[shown], predicted[shown], s=6, alpha=0.5, linewidths=0)
        axes.set(xlabel="actual", ylabel="predicted")

    return png(draw)


def residual_plot(y: ArrayLike, predictions: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of how actual - predicted is distributed, per named model, on common bins."""
    import numpy as np

    residuals = {name: _residuals(y, values) for name, values in predictions.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(residuals.values())), bins=BINS)

    def draw(axes: Axes) -> None:
        for name, values in residuals.items():
            axes.hist(values, bins=list(edges), histtype="step", label=name, linewidth=1.2)
        axes.axvline(0, color="0.7", linewidth=0.8, linestyle="--")
        axes.set(xlabel="actual - predicted", ylabel="rows")
        axes.legend(frameon=False)

    return png(draw)


def _residuals(y: ArrayLike, predictions: ArrayLike) -> Array:
    actual, predicted = _numbers(y, predictions)
    return actual - predicted


def _numbers(y: ArrayLike, predictions: ArrayLike) -> tuple[Array, Array]:
    actual, predicted = finite(y, "labels"), finite(predictions, "predictions")
    if actual.shape != predicted.shape:
        raise DataError(f"{len(actual):,} labels but {len(predicted):,} predictions")
    return actual, predicted


def _spread(actual: Array) -> NDArray[np.intp]:
    """Return rows evenly taken along the actual values, so that a few extreme ones are shown too."""
    import numpy as np

    order = np.argsort(actual, kind="stable")
    kept = np.unique(np.linspace(0, len(order) - 1, MAX_POINTS).astype(int))
    spread: NDArray[np.intp] = order[kept]
    return spread
