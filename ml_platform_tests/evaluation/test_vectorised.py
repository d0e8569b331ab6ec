"""Every entry of METRICS has equal values with its vectorised form and without, ties and all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.evaluation import vectorised
from ml_platform.evaluation.metrics import Metric
from ml_platform_tests.evaluation.measured import EVERY, N_CLASSES, evaluate, rows


@pytest.mark.parametrize(("metric", "task"), EVERY)
@given(seed=st.integers(0, 2**32 - 1), n_rows=st.integers(5, 60), levels=st.integers(1, 30))
@settings(max_examples=200, deadline=None)
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
