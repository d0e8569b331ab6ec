"""Plots of a multiclass model: which class is taken for which."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import confusion_matrix

from ml_platform.evaluation.checked import checked
from ml_platform.evaluation.metric_functions import most_probable
from ml_platform.plotting import png, written

MAX_LABELLED = 12
"""With more classes the cells are too small for their shares."""


def confusion_points(y: ArrayLike, scores: ArrayLike, classes: Sequence[str]) -> list[dict[str, str | int]]:
    """Return `actual`, `predicted` and `n_rows` of every pair of classes, the most probable one being predicted.

    Raises
    ------
    DataError
        When there is nothing to count, a value is missing, or a class is absent.
    """
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

    return png(draw, 4, 3.6)


def _confusion(y: ArrayLike, scores: ArrayLike) -> NDArray[np.intp]:
    """Return ``counts[actual, predicted]``."""
    labels, probabilities = checked(y, scores, classes=True)
    codes = list(range(probabilities.shape[1]))
    counts: NDArray[np.intp] = confusion_matrix(labels, most_probable(probabilities), labels=codes)
    return counts
