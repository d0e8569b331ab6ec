"""METRICS: what a model can be measured by. The values are scikit-learn's; `resampled` gets to the same ones faster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.choices import choose, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.evaluation import resampled
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """One way to measure scores against what happened.

    Attributes
    ----------
    function
        ``function(y, scores, *, sample_weight=None) -> float``, from scikit-learn. `y` holds 0 and 1 (binary), class
        codes 0 … k - 1 (multiclass) or numbers (regression); `scores` is the probability of class 1, a matrix
        ``(n_rows, k)`` of probabilities, or predicted numbers.
    resampled
        ``resampled(y, scores)(weights) -> values``: the same metric for many weightings of the rows at once,
        `weights` of shape ``(n_resamples, n_rows)``. Tested to equal `function`.
    greater_is_better
        Differences between models are multiplied by -1 when it is not, so that a positive one is always a gain.
    tasks
        The tasks that the metric is defined for.
    title
        What plots, cards and reasons call it.
    """

    function: Callable[..., float]
    resampled: resampled.Prepare
    greater_is_better: bool
    tasks: frozenset[str]
    title: str

    @property
    def sign(self) -> int:
        """+1 when greater is better, else -1."""
        return 1 if self.greater_is_better else -1


def roc_auc(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the probability that a random positive scores above a random negative, ties counting half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, scores, sample_weight=sample_weight))


def macro_roc_auc(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the unweighted mean over classes of one class against the rest."""
    import numpy as np

    aucs = [roc_auc(y == code, scores[:, code], sample_weight=sample_weight) for code in range(scores.shape[1])]
    return float(np.mean(aucs))


def average_precision(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean precision over the recalls; a model that knows nothing gets the share of positives."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(y, scores, sample_weight=sample_weight))


def brier_score(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean squared error of the probability (Brier 1950)."""
    from sklearn.metrics import brier_score_loss

    return float(brier_score_loss(y, scores, sample_weight=sample_weight))


def log_loss(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean of -ln(probability of what happened), probabilities clipped as scikit-learn does."""
    from sklearn.metrics import log_loss as sklearn_log_loss

    labels = range(scores.shape[1] if scores.ndim == 2 else 2)
    return float(sklearn_log_loss(y, scores, labels=list(labels), sample_weight=sample_weight))


def accuracy(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the share of rows whose most probable class (binary: probability ≥ 0.5) is the right one."""
    from sklearn.metrics import accuracy_score

    return float(accuracy_score(y, resampled.most_probable(scores), sample_weight=sample_weight))


def root_mean_squared_error(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the root of the mean squared error, in the unit of the target."""
    from sklearn.metrics import root_mean_squared_error as sklearn_root_mean_squared_error

    return float(sklearn_root_mean_squared_error(y, scores, sample_weight=sample_weight))


def r2_score(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the share of the target's variance that is explained; 0 for its mean, negative for worse."""
    from sklearn.metrics import r2_score as sklearn_r2_score

    return float(sklearn_r2_score(y, scores, sample_weight=sample_weight))


def mean_absolute_error(y: Array, scores: Array, *, sample_weight: Array | None = None) -> float:
    """Return the mean absolute error, in the unit of the target."""
    from sklearn.metrics import mean_absolute_error as sklearn_mean_absolute_error

    return float(sklearn_mean_absolute_error(y, scores, sample_weight=sample_weight))


def _metric(function: Callable[..., float], prepare: Any, greater_is_better: bool, title: str, *tasks: str) -> Metric:
    return Metric(function, prepare, greater_is_better, frozenset(tasks), title)


METRICS: dict[str, Metric] = {
    "roc_auc": _metric(roc_auc, resampled.roc_auc, True, "ROC AUC", BINARY),
    "average_precision": _metric(average_precision, resampled.average_precision, True, "Average precision", BINARY),
    "brier_score": _metric(brier_score, resampled.brier_score, False, "Brier score", BINARY),
    "log_loss": _metric(log_loss, resampled.log_loss, False, "Log loss", BINARY, MULTICLASS),
    "accuracy": _metric(accuracy, resampled.accuracy, True, "Accuracy", BINARY, MULTICLASS),
    "macro_roc_auc": _metric(macro_roc_auc, resampled.macro_roc_auc, True, "ROC AUC, mean of classes", MULTICLASS),
    "root_mean_squared_error": _metric(
        root_mean_squared_error, resampled.root_mean_squared_error, False, "Root mean squared error", REGRESSION
    ),
    "mean_absolute_error": _metric(
        mean_absolute_error, resampled.mean_absolute_error, False, "Mean absolute error", REGRESSION
    ),
    "r2_score": _metric(r2_score, resampled.r2_score, True, "R² (share of variance explained)", REGRESSION),
}

DEFAULT_METRICS: dict[Task, tuple[str, ...]] = {
    BINARY: ("roc_auc", "average_precision", "brier_score", "log_loss"),
    MULTICLASS: ("macro_roc_auc", "log_loss", "accuracy"),
    REGRESSION: ("root_mean_squared_error", "mean_absolute_error", "r2_score"),
}
"""What a model is measured by when its YAML does not say."""


def validate_metric(name: str, task: Task) -> None:
    """Reject a metric that does not exist, or is not defined for the task.

    Raises
    ------
    SpecError
        Naming the metric, the task and the metrics that fit it.
    """
    if task not in choose(METRICS, name, "metric").tasks:
        fitting = [known for known, metric in METRICS.items() if task in metric.tasks]
        raise SpecError(f"metric '{name}' is not defined for task '{task}'. {did_you_mean(name, fitting)}")
