"""The index is the published one, and its p value is what a simulation without drift finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, entropy

from ml_platform.drift.psi import PSEUDO_COUNT, p_value_without_drift, population_stability_index

BINS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12)


def test_a_worked_example_by_hand() -> None:
    # shares 0.2/0.3/0.5 against 0.3/0.3/0.4: 0.1 ln 1.5 + 0 + (-0.1) ln 0.8
    assert population_stability_index([20, 30, 50], [300, 300, 400]) == pytest.approx(
        0.1 * np.log(1.5) - 0.1 * np.log(0.8), rel=1e-12
    )


def test_the_value_that_another_library_states() -> None:
    # strappy 0.0.3 on PyPI, tests/test_psi.py: 6 a and 5 b against 5 a and 4 b is 0.00041
    assert round(population_stability_index([6, 5], [5, 4]), 5) == 0.00041


@given(BINS)
@settings(deadline=None)
def test_equals_the_symmetrised_divergence_of_scipy_and_is_never_negative(pairs: list[tuple[int, int]]) -> None:
    counts = np.array(pairs, dtype=float).T
    if (counts.sum(axis=1) == 0).any():
        return
    value = population_stability_index(*counts.astype(int).tolist())
    used = counts[:, counts.sum(axis=0) > 0]
    used = np.where((used == 0).any(axis=0), used + PSEUDO_COUNT, used)
    assert value == pytest.approx(entropy(used[0], used[1]) + entropy(used[1], used[0]), abs=1e-9)
    assert value >= 0
    assert value == pytest.approx(population_stability_index(*counts[::-1].astype(int).tolist()))


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


def test_one_new_row_is_not_significant() -> None:
    assert p_value_without_drift([5_000, 5_000, 0], [100, 99, 1]) > 0.02


@given(BINS)
@settings(deadline=None)
def test_any_counts_have_a_p_value(pairs: list[tuple[int, int]]) -> None:
    reference, current = map(list, zip(*pairs, strict=True))
    if sum(reference) and sum(current):
        assert 0 <= p_value_without_drift(reference, current) <= 1
        assert p_value_without_drift(reference, current) == pytest.approx(p_value_without_drift(current, reference))
