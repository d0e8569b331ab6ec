"""The plots of an evaluation by task, and the points behind them for DVC.

Points and plots raise a DataError when there is nothing to plot, a value is missing, or a class is absent.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import confusion_matrix, roc_curve

from ml_platform.evaluation.checked import checked
from ml_platform.evaluation.metric_functions import most_probable
from ml_platform.plotting import GREY, png, written
from ml_platform.task import MULTICLASS, REGRESSION, Output

CANDIDATE = "candidate"
MAX_CURVE_POINTS, MAX_DRAWN_ROWS = 200, 500
"""More than a plot of a few hundred pixels can show."""
CALIBRATION_BINS, RESIDUAL_BINS = 10, 40
MAX_LABELLED = 12
"""With more classes the cells are too small for their shares."""
SIZE = (4, 3.6)

Point = dict[str, float]


def plots(output: Output, y: ArrayLike, scores: Mapping[str, ArrayLike]) -> dict[str, bytes]:
    """Return PNGs by title; `scores` holds each model's scores by its name, the candidate's among them."""
    if output.task == MULTICLASS:
        return {"Confusion of the candidate": confusion_plot(y, scores[CANDIDATE], output.classes)}
    if output.task == REGRESSION:
        return {
            "Predicted against actual": prediction_plot(y, scores[CANDIDATE]),
            "Residuals": residual_plot(y, scores),
        }
    return {"ROC curve": roc_plot(y, scores), "Calibration": calibration_plot(y, scores)}


def points(output: Output, y: ArrayLike, scores: ArrayLike) -> dict[str, list[dict[str, Any]]]:
    """Return the rows behind a model's plots by name."""
    if output.task == MULTICLASS:
        return {"confusion": [*confusion_points(y, scores, output.classes)]}
    if output.task == REGRESSION:
        return {"predictions": [*prediction_points(y, scores)]}
    return {"roc": [*roc_points(y, scores)], "calibration": [*calibration_points(y, scores)]}


def roc_points(y: ArrayLike, scores: ArrayLike) -> list[Point]:
    """Return `false_positive_rate`, `true_positive_rate` along the ROC curve, at most MAX_CURVE_POINTS of them."""
    false_positive_rate, true_positive_rate, _ = roc_curve(*checked(y, scores, classes=True))
    kept = _evenly(len(false_positive_rate), MAX_CURVE_POINTS)
    return [
        {"false_positive_rate": float(false_positive_rate[i]), "true_positive_rate": float(true_positive_rate[i])}
        for i in kept
    ]


def roc_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the ROC curve of each named model."""
    return _curves(lambda values: roc_points(y, values), scores, "false_positive_rate", "true_positive_rate")


def calibration_points(y: ArrayLike, scores: ArrayLike) -> list[Point]:
    """Return `mean_score`, `share_of_positives`, `n_rows` per bin of the score, lowest first.

    The bins hold about equally many rows, as ``sklearn.calibration.calibration_curve(strategy="quantile")``; equal
    scores are never parted, so that there may be fewer bins.
    """
    labels, probability = checked(y, scores, classes=True)
    edges = np.quantile(probability, np.linspace(0, 1, CALIBRATION_BINS + 1))
    bin_of_row = np.searchsorted(edges[1:-1], probability)
    found = []
    for code in np.unique(bin_of_row):
        inside = bin_of_row == code
        mean, share = float(probability[inside].mean()), float(labels[inside].mean())
        found.append({"mean_score": mean, "share_of_positives": share, "n_rows": int(inside.sum())})
    return found


def calibration_plot(y: ArrayLike, scores: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of the share of positives against the score, per named model; calibrated means on the diagonal."""
    return _curves(lambda values: calibration_points(y, values), scores, "mean_score", "share_of_positives", marker="o")


def confusion_points(y: ArrayLike, scores: ArrayLike, classes: Sequence[str]) -> list[dict[str, str | int]]:
    """Return `actual`, `predicted` and `n_rows` of every pair of classes, the most probable one being predicted."""
    counts = _confusion(y, scores)
    return [
        {"actual": actual, "predicted": predicted, "n_rows": int(counts[row, column])}
        for row, actual in enumerate(classes)
        for column, predicted in enumerate(classes)
    ]


def confusion_plot(y: ArrayLike, scores: ArrayLike, classes: Sequence[str]) -> bytes:
    """Return a PNG of the share of each actual class that is taken for each class; the diagonal is right."""
    counts = _confusion(y, scores)
    shares = counts / counts.sum(axis=1, keepdims=True)
    names = [written(name, 16) for name in classes]

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlabel="predicted", ylabel="actual")
        axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), names)
        for row, column in np.ndindex(shares.shape) if len(names) <= MAX_LABELLED else ():
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{shares[row, column]:.2f}", ha="center", va="center", color=color)

    return png(draw, *SIZE)


def prediction_points(y: ArrayLike, predictions: ArrayLike) -> list[Point]:
    """Return `actual` and `predicted` of at most MAX_DRAWN_ROWS rows, evenly taken along the actual values."""
    actual, predicted = checked(y, predictions, classes=False)
    kept = np.argsort(actual, kind="stable")[_evenly(len(actual), MAX_DRAWN_ROWS)]
    return [{"actual": float(actual[row]), "predicted": float(predicted[row])} for row in kept]


def prediction_plot(y: ArrayLike, predictions: ArrayLike) -> bytes:
    """Return a PNG of predicted against actual numbers, of MAX_DRAWN_ROWS rows at most; right is on the diagonal."""
    drawn = prediction_points(y, predictions)
    actual, predicted = ([point[name] for point in drawn] for name in ("actual", "predicted"))
    middle = float(np.mean(actual))

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlabel="actual", ylabel="predicted")
        axes.axline((middle, middle), slope=1, color=GREY, linewidth=0.8, linestyle="--")
        axes.scatter(actual, predicted, s=6, alpha=0.5, linewidths=0)

    return png(draw, *SIZE)


def residual_plot(y: ArrayLike, predictions: Mapping[str, ArrayLike]) -> bytes:
    """Return a PNG of how actual - predicted is distributed, per named model, on common bins."""
    residuals = {name: np.subtract(*checked(y, values, classes=False)) for name, values in predictions.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(residuals.values())), bins=RESIDUAL_BINS)

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlabel="actual - predicted", ylabel="rows")
        for name, values in residuals.items():
            axes.hist(values, bins=list(edges), histtype="step", label=name)
        axes.axvline(0, color=GREY, linewidth=0.8, linestyle="--")
        axes.legend()

    return png(draw, *SIZE)


def _curves(
    points_of: Callable[[ArrayLike], list[Point]], scores: Mapping[str, ArrayLike], x: str, y: str, marker: str = ""
) -> bytes:
    """Return a PNG of each model's points on the unit square."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot(xlim=(0, 1), ylim=(0, 1), xlabel=x.replace("_", " "), ylabel=y.replace("_", " "))
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--")
        for name, values in scores.items():
            drawn = points_of(values)
            axes.plot([point[x] for point in drawn], [point[y] for point in drawn], label=name, marker=marker)
        axes.legend()

    return png(draw, *SIZE)


def _confusion(y: ArrayLike, scores: ArrayLike) -> NDArray[np.intp]:
    """Return ``counts[actual, predicted]``."""
    labels, probabilities = checked(y, scores, classes=True)
    codes = list(range(probabilities.shape[1]))
    counts: NDArray[np.intp] = confusion_matrix(labels, most_probable(probabilities), labels=codes)
    return counts


def _evenly(n_rows: int, most: int) -> NDArray[np.intp]:
    """Return at most so many places, evenly spread from the first to the last."""
    return np.unique(np.linspace(0, n_rows - 1, most).astype(np.intp))
