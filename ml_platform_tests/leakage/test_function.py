"""A function of the target is found in either direction, and a close correlate is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.leakage.function import follows_the_number, tells_the_class
from ml_platform_tests.leakage.sets import find, honest, planted

RNG = np.random.default_rng(0)
CLASSES = np.arange(2_000) % 3


def test_a_band_of_a_number_is_a_function_of_it_and_a_close_correlate_is_not() -> None:
    rows = honest("regression")
    band = np.digitize(rows.labels, [-1.0, 0.0, 1.0]).astype(str)
    assert any("functions of each other" in f.measured for f in find(planted(rows, "category", band)).failed)
    close = rows.labels + 0.3 * np.random.default_rng(2).normal(size=len(rows.labels))
    assert np.corrcoef(close, rows.labels)[0, 1] > 0.97
    assert find(planted(rows, "number", close)).passed


@pytest.mark.parametrize(
    ("values", "tells"),
    [
        (np.array(["a", "b", "c"])[CLASSES], True),
        (np.array(["a", "b", None])[CLASSES], True),
        (CLASSES + 10 * RNG.integers(0, 50, 2_000), True),
        (np.arange(2_000), False),
        (np.where(RNG.random(2_000) < 0.01, 0, CLASSES), False),
        (np.zeros(2_000), False),
    ],
    ids=["a word each", "missing for one", "many values each", "another value in each row", "1% wrong", "constant"],
)
def test_values_of_one_class_only_tell_the_class(values: np.ndarray, tells: bool) -> None:
    assert tells_the_class(pd.Series(values), CLASSES) is tells


@pytest.mark.parametrize("n_rows", [0, 5])
def test_a_few_rows_are_no_function(n_rows: int) -> None:
    target = np.arange(float(n_rows))
    assert not tells_the_class(pd.Series(target), np.zeros(n_rows, dtype=int))
    assert not follows_the_number(pd.Series(target), "number", target)
