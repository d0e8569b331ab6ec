"""METRICS: what a model can be measured by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from ml_platform.choices import choose, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task


@dataclass(frozen=True)
class Metric:
    """One way to measure scores against what happened."""

    name: str
    """Also that of its function in `metric_functions`, and of its faster form in `vectorised` if it has one."""
    title: str
    """What plots, cards and reasons call it."""
    greater_is_better: bool
    """Differences between models are multiplied by -1 when it is not, so that a positive one is always a gain."""
    tasks: tuple[Task, ...]
    """The tasks that the metric is defined for."""

    @property
    def sign(self) -> int:
        """+1 when greater is better, else -1."""
        return 1 if self.greater_is_better else -1

    @property
    def function(self) -> Callable[..., float]:
        """``function(y, scores, *, sample_weight=None) -> float``.

        `y` holds 0 and 1 (binary), class codes 0 … k - 1 (multiclass) or numbers (regression); `scores` is the
        probability of class 1, a matrix ``(n_rows, k)`` of probabilities, or predicted numbers.
        """
        from ml_platform.evaluation import metric_functions

        function: Callable[..., float] = getattr(metric_functions, self.name)
        return function

    @property
    def vectorised(self) -> Callable[..., Callable[[Any], Any]] | None:
        """``vectorised(y, scores)(weights) -> values`` for many weightings of the rows at once; None without one.

        `weights` has shape ``(n_resamples, n_rows)``. The values are those of `function`.
        """
        from ml_platform.evaluation import vectorised

        return getattr(vectorised, self.name, None)


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("roc_auc", "ROC AUC", True, (BINARY,)),
        Metric("average_precision", "Average precision", True, (BINARY,)),
        Metric("brier_score", "Brier score", False, (BINARY,)),
        Metric("log_loss", "Log loss", False, (BINARY, MULTICLASS)),
        Metric("accuracy", "Accuracy", True, (BINARY, MULTICLASS)),
        Metric("macro_roc_auc", "ROC AUC, mean of classes", True, (MULTICLASS,)),
        Metric("root_mean_squared_error", "Root mean squared error", False, (REGRESSION,)),
        Metric("mean_absolute_error", "Mean absolute error", False, (REGRESSION,)),
        Metric("r2_score", "R² (share of variance explained)", True, (REGRESSION,)),
    )
}

MetricName = Annotated[str, Field(json_schema_extra={"enum": [*METRICS]})]

DEFAULT_METRICS: dict[Task, tuple[str, ...]] = {
    BINARY: ("roc_auc", "average_precision", "brier_score", "log_loss"),
    MULTICLASS: ("macro_roc_auc", "log_loss", "accuracy"),
    REGRESSION: ("root_mean_squared_error", "mean_absolute_error", "r2_score"),
}
"""What a model is measured by when its YAML does not say."""


def validate_metric(name: str, task: Task, what: str = "metric") -> None:
    """Reject a metric that does not exist, or is not defined for the task."""
    if task not in choose(METRICS, name, what).tasks:
        fitting = [known for known, metric in METRICS.items() if task in metric.tasks]
        raise SpecError(f"{what} '{name}' is not defined for task '{task}'. {did_you_mean(name, fitting)}")
