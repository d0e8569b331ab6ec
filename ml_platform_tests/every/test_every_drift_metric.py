"""Every entry of DRIFT_METRICS meets empty bins, one row, one bin and any other counts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.drift.metrics import DRIFT_METRICS, DriftMetric

BINS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12)


@pytest.fixture(params=DRIFT_METRICS)
def metric(request: pytest.FixtureRequest) -> DriftMetric:
    return DRIFT_METRICS[request.param]


def test_is_zero_for_equal_shares_and_larger_the_further_apart(metric: DriftMetric) -> None:
    assert metric([10, 20, 30], [100, 200, 300]) == pytest.approx(0, abs=1e-7)
    assert metric([5], [7]) == pytest.approx(0, abs=1e-7)
    assert 0 < metric([10, 20, 30], [12, 20, 28]) < metric([10, 20, 30], [30, 20, 10])


def test_is_finite_where_one_side_has_no_row(metric: DriftMetric) -> None:
    assert 0 < metric([10, 0, 0], [0, 10, 0]) < math.inf
    assert 0 < metric([1, 0], [0, 1]) < math.inf


def test_a_bin_that_neither_side_uses_changes_nothing(metric: DriftMetric) -> None:
    assert metric([10, 0, 20], [15, 0, 12]) == metric([10, 20], [15, 12])


@pytest.mark.parametrize("name", DRIFT_METRICS)
@given(BINS)
def test_any_counts_give_a_finite_symmetric_repeatable_value(name: str, pairs: list[tuple[int, int]]) -> None:
    metric = DRIFT_METRICS[name]
    reference, current = map(list, zip(*pairs, strict=True))
    if sum(reference) and sum(current):
        value = metric(reference, current)
        assert 0 <= value < math.inf
        assert value == metric(reference, current)
        assert value == pytest.approx(metric(current, reference), abs=1e-7)
