"""Every row is in one bin, and the target along a feature is the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.exploration.distributions import BINS, MAX_LEVELS, distribute
from ml_platform_tests.exploration.windows import window

values = st.one_of(st.floats(-1e9, 1e9), st.sampled_from([0.0, 1.0, np.nan, np.inf, -np.inf]))


@given(st.lists(values, min_size=3, max_size=200))
def test_shares_of_each_part_add_up(numbers: list[float]) -> None:
    (found,) = distribute(window({"x": np.array(numbers)}, np.arange(len(numbers)) % 2))
    assert all(sum(shares) == pytest.approx(1) for shares in found.shares.values())
    assert {len(found.bins)} == {len(shares) for shares in found.shares.values()}
    assert ("(missing)" in found.bins) == bool(np.isnan(numbers).any())


def test_the_target_along_a_feature_adds_up_to_the_target() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=5000)
    x[:500] = np.nan
    y = (rng.random(5000) < 1 / (1 + np.exp(-np.nan_to_num(x)))).astype(float)
    everything = {"train": range(5000), "test": []}
    (found,) = distribute(window({"x": x}, y, parts=everything))
    assert len(found.bins) == BINS + 1
    assert list(found.shares) == ["train"]
    followed = np.array(found.outcomes["share of yes"], dtype=float)
    assert np.dot(found.shares["train"], followed) == pytest.approx(y.mean())
    assert np.all(np.diff(followed[:BINS:5]) > 0)


def test_many_levels_are_gathered_and_rare_bins_say_nothing_of_the_target() -> None:
    words = pd.Series([f"w{place % 30}" for place in range(900)] + ["rare"], dtype=object)
    (found,) = distribute(window({"c": words}, np.arange(901) % 2))
    assert len(found.bins) == MAX_LEVELS + 1
    assert found.bins[-1] == "(others)"
    (few,) = distribute(window({"x": [1.0] * 50 + [2.0] * 3}, [0] * 53))
    assert few.outcomes["share of yes"] == (0.0, None)


def test_the_largest_classes_and_the_mean_are_followed() -> None:
    codes = np.repeat(np.arange(6), [50, 10, 40, 30, 20, 5])
    classes = tuple("abcdef")
    (classed,) = distribute(window({"x": np.zeros(155)}, codes, task="multiclass", classes=classes))
    assert list(classed.outcomes) == [f"share of {name}" for name in "acde"]
    (number,) = distribute(window({"x": np.zeros(155)}, codes, task="regression"))
    assert number.outcomes == {"mean of the target": (pytest.approx(codes.mean()),)}
