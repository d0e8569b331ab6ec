"""The index is the published one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from ml_platform.drift.psi import PSEUDO_COUNT, population_stability_index

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
