"""Labels and scores that can be measured, or one clear error."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml_platform.errors import DataError

Array = NDArray[np.float64]

SUM_TOLERANCE = 1e-4
"""How far a row of class probabilities may be from 1: ONNX computes in 32 bits."""


def checked(y: ArrayLike, scores: ArrayLike, *, classes: bool) -> tuple[Array, Array]:
    """Return both as 64-bit floats, class probabilities rescaled to sum to exactly 1 in each row.

    With `classes`, `y` holds class codes and `scores` probabilities; else both are numbers. It is a DataError when
    there are no rows, lengths or shapes do not fit, a value is missing or not finite, a probability is outside 0 … 1,
    or `y` does not hold every class.
    """
    called = "scores" if classes else "predictions"
    y_array, score_array = _finite(y, "labels"), _finite(scores, called)
    if y_array.ndim != 1 or score_array.ndim not in (1, 2):
        raise DataError(f"labels have shape {y_array.shape} and scores {score_array.shape}: one row per label expected")
    if len(y_array) != len(score_array):
        raise DataError(f"{len(y_array):,} labels but {len(score_array):,} {called}")
    if not classes:
        return y_array, score_array
    _validate_classes(y_array, score_array)
    return y_array, _probabilities(score_array)


def _finite(values: ArrayLike, what: str) -> Array:
    """Return the values as 64-bit floats; reject none at all, missing values and infinities."""
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        raise DataError(f"no {what}: nothing can be measured on 0 rows")
    if bad := int((~np.isfinite(array)).sum()):
        raise DataError(f"{bad:,} of {array.size:,} {what} are missing or infinite")
    return array


def _validate_classes(y: Array, scores: Array) -> None:
    """Reject labels that are not codes 0 … k - 1, and labels in which a class is absent."""
    n_classes = scores.shape[1] if scores.ndim == 2 else 2
    expected = np.arange(n_classes)
    present, counts = np.unique(y, return_counts=True)
    if not np.isin(present, expected).all():
        found = ", ".join(f"{value:g}" for value in present[:5])
        raise DataError(f"labels must be the class codes 0 to {n_classes - 1}; found {found}")
    if len(present) < n_classes:
        only = ", ".join(f"class {value:g}: {count:,}" for value, count in zip(present, counts, strict=True))
        raise DataError(f"{len(y):,} rows hold {len(present)} of {n_classes} classes ({only}): ranking is undefined")


def _probabilities(scores: Array) -> Array:
    """Return the scores when each lies in 0 … 1 and, with a column per class, each row sums to 1."""
    if outside := int(((scores < 0) | (scores > 1)).sum()):
        raise DataError(f"{outside:,} of {scores.size:,} scores are not probabilities: outside 0 to 1")
    if scores.ndim == 1:
        return scores
    sums = scores.sum(axis=1, keepdims=True)
    if wrong := int((abs(sums - 1) > SUM_TOLERANCE).sum()):
        raise DataError(f"the class probabilities of {wrong:,} of {len(scores):,} rows do not sum to 1")
    rescaled: Array = scores / sums
    return rescaled
