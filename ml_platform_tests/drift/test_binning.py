"""The bins of a reference: equal shares where values allow, and a place for whatever comes later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.drift.binning import MAX_CATEGORIES, build_profile
from ml_platform.drift.count import count_bins
from ml_platform.errors import DataError
from ml_platform_tests.drift.frames import KINDS, frame


def test_bins_hold_equal_shares_of_a_continuous_reference() -> None:
    values = pd.DataFrame({"x": np.random.default_rng(0).normal(size=1000)})
    (x,) = build_profile(values, {"x": "number"}, bins=10).columns
    assert x.counts == (100,) * 10 + (0,)


def test_rare_categories_share_a_bin_and_unseen_ones_have_their_own() -> None:
    many = pd.DataFrame({"c": [f"c{i}" for i in range(MAX_CATEGORIES + 30)] + ["c79"] * 5})
    profile = build_profile(many, {"c": "category"}, bins=2)
    (column,) = profile.columns
    assert len(column.categories) == MAX_CATEGORIES
    assert "c79" in column.categories
    assert column.labels[-3:] == ("(rare)", "(unseen)", "(missing)")
    assert column.counts[-3:] == (30, 0, 0)
    current = pd.DataFrame({"c": ["new", "newer", None, column.rare[0], "c79"]})
    assert count_bins(current, profile).by_column["c"][-3:] == (1, 2, 1)


@pytest.mark.parametrize("values", [[1.0] * 90, [0.0] * 80 + [float(i) for i in range(10)]], ids=["constant", "zeros"])
def test_values_below_the_minimum_are_told_from_the_minimum(values: list[float]) -> None:
    profile = build_profile(pd.DataFrame({"x": values}), {"x": "number"}, bins=10)
    below = count_bins(pd.DataFrame({"x": [min(values) - 1e-9, min(values)]}), profile).by_column["x"]
    assert below[:2] == (1, 1)
    assert profile.columns[0].labels[:2] == (f"< {min(values):.4g}", f"≤ {min(values):.4g}")


def test_a_reference_without_any_value_notices_values() -> None:
    profile = build_profile(frame([None, None], [None, None]), KINDS, bins=2)
    assert count_bins(frame([1.0], ["a"]), profile).by_column == {"x": (1, 0), "c": (0, 1, 0)}


def test_empty_reference_is_refused() -> None:
    with pytest.raises(DataError, match="0 rows"):
        build_profile(frame([], []), KINDS, bins=2)
