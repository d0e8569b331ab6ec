"""Pictures of a multiclass model: which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ml_platform.evaluation.checked import finite, probabilities, validate_classes
from ml_platform.evaluation.drawing import png
from ml_platform.evaluation.resampled import most_probable

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

MOST_NAMED = 12
"""With more classes the cells are too small for their shares."""


def confusion_counts(y: ArrayLike, scores: ArrayLike) -> NDArray[np.intp]:
    """Return ``counts[actual, predicted]`` of the classes, the most probable one being predicted.

    Raises
    ------
    DataError
        When there is nothing to count, a value is missing, or a class is absent.
    """
    from sklearn.metrics import confusion_matrix

    labels, values = finite(y, "labels"), finite(scores, "scores")
    validate_classes(labels, values)
    counts: NDArray[np.intp] = confusion_matrix(
        labels, most_probable(probabilities(values)), labels=list(range(values.shape[1]))
    )
    return counts


def confusion_points(y: ArrayLike, scores: ArrayLike, classes: Sequence[str]) -> list[dict[str, str | int]]:
    """Return `actual`, `predicted` and `n_rows` of every pair of classes, in their order."""
    counts = confusion_counts(y, scores)
    return [
        {"actual": actual, "predicted": predicted, "n_rows": int(counts[row, column])}
        for row, actual in enumerate(classes)
        for column, predicted in enumerate(classes)
    ]


def confusion_plot(y: ArrayLike, scores: ArrayLike, classes: Sequence[str]) -> bytes:
    """Return a PNG of the share of each actual class that is taken for each class; the diagonal is right."""
    import numpy as np

    counts = confusion_counts(y, scores)
    shares = counts / counts.sum(axis=1, keepdims=True)

    def draw(axes: Axes) -> None:
        axes.imshow(shares, vmin=0, vmax=1, cmap="Blues")
        places = np.arange(len(classes))
        axes.set_xticks(places, classes, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(places, classes)
        axes.set(xlabel="predicted", ylabel="actual")
        for row, column in np.ndindex(shares.shape) if len(classes) <= MOST_NAMED else ():
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{shares[row, column]:.2f}", ha="center", va="center", color=color)

    return png(draw)
