"""Every metric prefers a perfect model, measures a constant one, weighs rows, and rejects what cannot be measured."""

import numpy as np
import pytest

from ml_platform.errors import DataError
from ml_platform.evaluation.metric_functions import most_probable
from ml_platform.evaluation.metrics import Metric
from ml_platform.task import MULTICLASS
from ml_platform_tests.evaluation.measured import EVERY, N_CLASSES, evaluate, perfect, rows


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_a_perfect_model_is_better_than_a_constant_one(metric: Metric, task: str) -> None:
    y, _ = rows(task, np.random.default_rng(1), 50, 5)
    constant = np.full((50, N_CLASSES), 1 / N_CLASSES) if task == MULTICLASS else np.full(50, 0.5)
    assert metric.sign * metric.function(y, perfect(task, y)) > metric.sign * metric.function(y, constant)


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_a_constant_score_has_a_value_and_an_interval(metric: Metric, task: str) -> None:
    y, _ = rows(task, np.random.default_rng(1), 50, 5)
    constant = np.full((50, N_CLASSES), 1 / N_CLASSES) if task == MULTICLASS else np.full(50, 0.5)
    found = evaluate(y, constant, metrics=[metric.name], resamples=100, confidence=0.95, seed=1)[metric.name]
    assert np.isfinite([found.value, found.low, found.high]).all()
    assert found.low <= found.high


@pytest.mark.parametrize(("metric", "task"), EVERY)
@pytest.mark.parametrize("bad", ["empty", "nan"])
def test_nothing_and_nan_are_refused(metric: Metric, task: str, bad: str) -> None:
    y, scores = rows(task, np.random.default_rng(1), 50, 5)
    scores[3] = np.nan
    kept = slice(0, 0) if bad == "empty" else slice(None)
    with pytest.raises(DataError):
        evaluate(y[kept], scores[kept], metrics=[metric.name], resamples=100, confidence=0.95, seed=1)


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_a_weight_is_a_number_of_equal_rows(metric: Metric, task: str) -> None:
    y, scores = rows(task, np.random.default_rng(2), 40, 7)
    weights = np.random.default_rng(3).integers(1, 4, 40)
    repeated = metric.function(np.repeat(y, weights), np.repeat(scores, weights, axis=0))
    assert metric.function(y, scores, sample_weight=weights.astype(float)) == pytest.approx(repeated)


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_the_order_of_the_rows_changes_nothing(metric: Metric, task: str) -> None:
    y, scores = rows(task, np.random.default_rng(2), 40, 7)
    order = np.random.default_rng(3).permutation(40)
    assert metric.function(y[order], scores[order]) == pytest.approx(metric.function(y, scores))


def test_the_most_probable_class() -> None:
    assert most_probable(np.array([0.5, 0.49])).tolist() == [1, 0]
    assert most_probable(np.array([[0.2, 0.5, 0.3], [0.4, 0.2, 0.4]])).tolist() == [1, 0]
