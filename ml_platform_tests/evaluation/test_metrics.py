"""A metric is one function and one line of METRICS, and is rejected for a task that it is not defined for."""

import numpy as np
import pytest

from ml_platform.errors import SpecError
from ml_platform.evaluation import metric_functions
from ml_platform.evaluation.metrics import METRICS, Metric, validate_metric
from ml_platform.task import REGRESSION
from ml_platform_tests.evaluation.measured import evaluate


def test_a_new_metric_needs_one_function_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def largest_error(y: np.ndarray, scores: np.ndarray, *, sample_weight: np.ndarray | None = None) -> float:
        drawn = np.ones(len(y)) if sample_weight is None else sample_weight
        return float(abs(y - scores)[drawn > 0].max())

    monkeypatch.setattr(metric_functions, "largest_error", largest_error, raising=False)
    monkeypatch.setitem(METRICS, "largest_error", Metric("largest_error", "Largest error", False, (REGRESSION,)))
    y, scores = np.random.default_rng(1).normal(size=(2, 50))
    found = evaluate(y, scores, metrics=["largest_error"], resamples=100, confidence=0.9, seed=1)["largest_error"]
    assert found.low <= found.high == found.value == abs(y - scores).max()


def test_a_metric_of_another_task_is_rejected_with_those_that_fit() -> None:
    validate_metric("mean_absolute_error", "regression")
    with pytest.raises(
        SpecError, match=r"metric 'mean_absolute_error' is not defined for task 'binary'. Known: roc_auc"
    ):
        validate_metric("mean_absolute_error", "binary")


def test_each_is_named_by_its_function() -> None:
    assert all(metric.name == name == metric.function.__name__ for name, metric in METRICS.items())
