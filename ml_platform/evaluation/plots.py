"""Pictures of a binary model: ROC and calibration curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ml_platform.evaluation.checked import finite, probabilities, validate_classes
from ml_platform.evaluation.drawing import png

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

MAX_POINTS = 200
"""Points kept of a ROC curve: more than a plot of a few hundred pixels can show."""

BINS = 10

Row = dict[str, float]


def roc_points(y: ArrayLike, scores: ArrayLike) -> list[Row]:
    """Return `false_positive_rate`, `true_positive_rate` along the ROC curve, at most MAX_POINTS of them.

    Raises
    ------
    DataError
        When there is nothing to plot, a value is missing, or a class is absent.
    """
    import numpy as np
    from sklearn.metrics import roc_curve

    false_positive_rate, true_positive_rate, _ = roc_curve(*_binary(y, scores))
    kept = np.unique(np.linspace(0, len(false_positive_rate) - 1, MAX_POINTS).astype(int))
    return [
        {"false_positive_rate": float(false_positive_rate[i]), "true_positive_rate": float(true_positive_rate[i])}
        for i in kept
    ]


def calibration_points(y: ArrayLike, scores: ArrayLike, *, bins: int = BINS) -> list[Row]:
    """Return `mean_score`, `share_of_positives`, `n_rows` per bin of the score, lowest first.

    The bins hold about equally many rows, as ``sklearn.calibration.calibration_curve(strategy="quantile")``; equal
    scores are never parted, so that there may be fewer bins.

    Raises
    ------
    DataError
        As `roc_points`.
    """
    import numpy as np

    labels, probability = _binary(y, scores)
    edges = np.quantile(probability, np.linspace(0, 1, bins + 1))
    bin_of_row = np.searchsorted(edges[1:-1], probability)
    rows = []
    for code in np.unique(bin_of_row):
        inside = bin_of_row == code
        mean, share = float(probability[inside].mean()), float(labels[inside].mean())
        rows.append({"mean_score": mean, "share_of_positives": share, "n_rows": int(inside.sum())})
    return rows


def roc_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the ROC curve of each named model; the same input gives the same bytes."""

    def draw(axes: Axes) -> None:
        for name, values in scores.items():
            points = roc_points(y, values)
            axes.plot(*_columns(points, "false_positive_rate", "true_positive_rate"), label=name, linewidth=1.2)
        axes.set_xlabel("false positive rate")
        axes.set_ylabel("true positive rate")

    return _square_plot(draw)


def calibration_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the share of positives against the score, per named model; calibrated means on the diagonal."""

    def draw(axes: Axes) -> None:
        for name, values in scores.items():
            columns = _columns(calibration_points(y, values), "mean_score", "share_of_positives")
            axes.plot(*columns, label=name, linewidth=1.2, marker="o", markersize=3)
        axes.set_xlabel("mean score")
        axes.set_ylabel("share of positives")

    return _square_plot(draw)


def _binary(y: ArrayLike, scores: ArrayLike) -> tuple[Array, Array]:
    labels, values = finite(y, "labels"), finite(scores, "scores")
    validate_classes(labels, values)
    return labels, probabilities(values)


def _columns(rows: list[Row], x: str, y: str) -> tuple[list[float], list[float]]:
    return [row[x] for row in rows], [row[y] for row in rows]


def _square_plot(draw: Callable[[Axes], None]) -> bytes:
    def on_the_unit_square(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8, linestyle="--")
        draw(axes)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.legend(frameon=False)

    return png(on_the_unit_square)
