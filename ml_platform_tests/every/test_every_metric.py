"""Every entry of METRICS, with its vectorised form and without: equal values, ties and all, and the right direction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.evaluation import vectorised
from ml_platform.evaluation.metrics import METRICS, Metric
from ml_platform.task import BINARY, MULTICLASS
from ml_platform_tests.evaluation.measured import evaluate

EVERY = [
    pytest.param(metric, task, id=f"{name}-{task}") for name, metric in METRICS.items() for task in sorted(metric.tasks)
]
N_CLASSES = 3


def rows(task: str, rng: np.random.Generator, n_rows: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows in which every class appears, with scores of few levels so that many are tied."""
    coarse = rng.integers(0, levels + 1, n_rows) / levels
    if task == BINARY:
        return np.append([0.0, 1.0], rng.integers(0, 2, n_rows - 2)), coarse
    if task == MULTICLASS:
        y = np.append([0.0, 1.0, 2.0], rng.integers(0, N_CLASSES, n_rows - N_CLASSES))
        raw = rng.integers(1, levels + 2, (n_rows, N_CLASSES)).astype(float)
        return y, raw / raw.sum(axis=1, keepdims=True)
    return rng.normal(size=n_rows), coarse


def perfect(task: str, y: np.ndarray) -> np.ndarray:
    return np.eye(N_CLASSES)[y.astype(int)] if task == MULTICLASS else y


@pytest.mark.parametrize(("metric", "task"), EVERY)
@given(seed=st.integers(0, 2**32 - 1), n_rows=st.integers(5, 60), levels=st.integers(1, 30))
def test_vectorised_form_equals_scikit_learn_with_weights(
    metric: Metric, task: str, seed: int, n_rows: int, levels: int
) -> None:
    rng = np.random.default_rng(seed)
    y, scores = rows(task, rng, n_rows, levels)
    weights = rng.integers(0, 4, (3, n_rows)).astype(float)
    weights[:, :N_CLASSES] += 1  # the rows that hold one of each class
    expected = [metric.function(y, scores, sample_weight=weight) for weight in weights]
    np.testing.assert_allclose(metric.vectorised(y, scores)(weights), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("metric", "task"), EVERY)
def test_without_its_vectorised_form_a_metric_has_the_same_interval(
    metric: Metric, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    y, scores = rows(task, np.random.default_rng(1), 50, 5)
    options = {"metrics": [metric.name], "resamples": 100, "confidence": 0.95, "seed": 1}
    fast = evaluate(y, scores, **options)[metric.name]
    monkeypatch.delattr(vectorised, metric.name)
    slow = evaluate(y, scores, **options)[metric.name]
    np.testing.assert_allclose([slow.value, slow.low, slow.high], [fast.value, fast.low, fast.high], rtol=1e-9)


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
