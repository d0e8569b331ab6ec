"""The function of each metric, by its name in METRICS: scikit-learn's, with one signature."""

import numpy as np
import sklearn.metrics as sk
from numpy.typing import NDArray

Array = NDArray[np.float64]


def roc_auc(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the probability that a random positive scores above a random negative, ties counting half."""
    return float(sk.roc_auc_score(y, scores, sample_weight=sample_weight))


def macro_roc_auc(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the unweighted mean over classes of one class against the rest."""
    aucs = [roc_auc(y == code, scores[:, code], sample_weight=sample_weight) for code in range(scores.shape[1])]
    return float(np.mean(aucs))


def average_precision(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean precision over the recalls; a model that knows nothing gets the share of positives."""
    return float(sk.average_precision_score(y, scores, sample_weight=sample_weight))


def brier_score(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean squared error of the probability (Brier 1950)."""
    return float(sk.brier_score_loss(y, scores, sample_weight=sample_weight))


def log_loss(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean of -ln(probability of what happened), probabilities clipped as scikit-learn does."""
    labels = list(range(scores.shape[1] if scores.ndim == 2 else 2))
    return float(sk.log_loss(y, scores, labels=labels, sample_weight=sample_weight))


def accuracy(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the share of rows whose most probable class (binary: probability ≥ 0.5) is the right one."""
    return float(sk.accuracy_score(y, most_probable(scores), sample_weight=sample_weight))


def root_mean_squared_error(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the root of the mean squared error, in the unit of the target."""
    return float(sk.root_mean_squared_error(y, scores, sample_weight=sample_weight))


def r2_score(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the share of the target's variance that is explained; 0 for its mean, negative for worse."""
    return float(sk.r2_score(y, scores, sample_weight=sample_weight))


def mean_absolute_error(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean absolute error, in the unit of the target."""
    return float(sk.mean_absolute_error(y, scores, sample_weight=sample_weight))


def most_probable(scores: Array) -> Array:
    """Return the code of the most probable class; for a vector of probabilities, 1 from 0.5 on."""
    codes: Array = scores.argmax(axis=1).astype(float) if scores.ndim == 2 else (scores >= 0.5).astype(float)
    return codes
