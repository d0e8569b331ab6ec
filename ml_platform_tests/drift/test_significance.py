"""A p value is what a simulation without drift finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from ml_platform.drift.psi import population_stability_index
from ml_platform.drift.significance import p_value_without_drift

BINS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12)
EVEN = np.full(10, 0.1)
RARE = 1 / np.arange(1, 53) ** 1.5
"""Fifty categories, most of them rare: where Pearson's test alone finds 1 in 100 significant at 1 in 2,000."""


@pytest.mark.parametrize(("weights", "n_current"), [(EVEN, 80), (RARE, 200), (RARE, 2_000)])
def test_p_values_without_drift_are_uniform_also_in_small_batches_and_rare_categories(
    weights: np.ndarray, n_current: int
) -> None:
    rng = np.random.default_rng(5)
    draws = [rng.multinomial(n_rows, weights / weights.sum(), size=2_000) for n_rows in (5_000, n_current)]
    p_values = np.array([p_value_without_drift(*pair) for pair in zip(*draws, strict=True)])
    for level in (0.001, 0.01, 0.05, 0.5):
        error = 3 * np.sqrt(level * (1 - level) / 2_000)
        assert np.mean(p_values <= level) == pytest.approx(level, abs=error + 0.002)


def test_is_yurdakuls_statistic_where_there_are_many_rows() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        reference, current = (rng.multinomial(n_rows, EVEN).tolist() for n_rows in (400_000, 200_000))
        statistic = population_stability_index(reference, current) / (1 / 400_000 + 1 / 200_000)
        assert p_value_without_drift(reference, current) == pytest.approx(chi2.sf(statistic, df=9), rel=0.05)


@pytest.mark.parametrize(
    ("reference", "current"),
    [
        pytest.param([5_000, 0], [120, 80], id="missing for the first time"),
        pytest.param([2_500, 2_500, 0], [80, 80, 40], id="unseen category"),
        pytest.param([5_000, 0], [0, 200], id="all new"),
        pytest.param([2_500, 2_500, 0], [0, 0, 200], id="all new, in a bin too small for Pearson's test"),
        pytest.param([2_500, 2_490, 10], [80, 90, 30], id="rare no longer"),
    ],
)
def test_what_is_new_is_significant_though_next_to_none_was_expected(reference: list[int], current: list[int]) -> None:
    assert p_value_without_drift(reference, current) < 1e-9


@pytest.mark.parametrize("counts", [([5_000], [100]), ([0, 5_000, 0], [0, 100, 0])])
def test_a_single_used_bin_has_p_1(counts: tuple[list[int], list[int]]) -> None:
    assert p_value_without_drift(*counts) == 1


def test_one_new_row_is_not_significant() -> None:
    assert p_value_without_drift([5_000, 5_000, 0], [100, 99, 1]) > 0.02


@given(BINS)
def test_any_counts_have_a_p_value(pairs: list[tuple[int, int]]) -> None:
    reference, current = map(list, zip(*pairs, strict=True))
    if sum(reference) and sum(current):
        assert 0 <= p_value_without_drift(reference, current) <= 1
        assert p_value_without_drift(reference, current) == pytest.approx(p_value_without_drift(current, reference))
