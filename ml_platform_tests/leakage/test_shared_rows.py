"""Rows that two parts share are counted, and chance shares as many as a simulation."""

import numpy as np
import pandas as pd
import pytest

from ml_platform.leakage.shared_rows import excess_of_shared, n_shared, shared_groups


def test_the_expected_share_is_that_of_a_simulation_and_its_error_is_not_too_small() -> None:
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 300, 600).astype(np.uint64)
    drawn = []
    for _ in range(2_000):
        in_part = rng.random(600) < 0.2
        part, train = np.flatnonzero(in_part), np.flatnonzero(~in_part)
        found, expected, error = excess_of_shared(ids, part, train)
        drawn.append((found - expected) / error)
    assert np.mean(drawn) == pytest.approx(0, abs=0.1)
    assert 0.4 < np.std(drawn) < 1.05


def test_rows_are_counted_in_the_part_and_not_in_train() -> None:
    ids = np.array([1, 1, 1, 2, 3], dtype=np.uint64)
    assert n_shared(ids, np.array([0, 3]), np.array([1, 2, 4])) == 1


def test_a_missing_name_is_no_group() -> None:
    frame = pd.DataFrame({"person": ["a", "b", None, "a", None]})
    assert shared_groups(frame, ["person"], np.array([0, 1, 2]), np.array([3, 4])) == 1
