"""Every entry of DRIFT_METRICS: 0 for equal shares, finite with empty bins, larger the further apart, repeatable."""

import math

import pytest

from ml_platform.drift.metrics import DRIFT_METRICS


@pytest.mark.parametrize("name", DRIFT_METRICS)
def test_metric(name: str) -> None:
    metric = DRIFT_METRICS[name]
    assert metric([10, 20, 30], [100, 200, 300]) == pytest.approx(0, abs=1e-9)
    assert metric([5], [7]) == pytest.approx(0, abs=1e-9)
    assert 0 < metric([10, 20, 30], [12, 20, 28]) < metric([10, 20, 30], [30, 20, 10])
    assert math.isfinite(metric([10, 0, 0], [0, 10, 0]))
    assert metric([1, 0, 5], [0, 3, 9]) == metric([1, 0, 5], [0, 3, 9])
