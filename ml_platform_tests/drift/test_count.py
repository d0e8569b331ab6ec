"""Every row is counted in exactly one bin, by an independent implementation too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.drift.binning import build_profile
from ml_platform.drift.count import count_bins
from ml_platform.errors import DataError
from ml_platform_tests.drift.frames import KINDS, NUMBERS, TEXTS, frame


@given(*[st.lists(values, min_size=1, max_size=60) for values in (NUMBERS, TEXTS, NUMBERS, TEXTS)])
def test_counts_equal_those_of_numpy(
    numbers: list[float | None], texts: list[str | None], later: list[float | None], later_texts: list[str | None]
) -> None:
    reference, current = frame(numbers, texts), frame(later, [*later_texts, "unseen"])
    profile = build_profile(reference, KINDS, bins=4)
    x, c = profile.columns
    counts = count_bins(current, profile).by_column
    known = current["x"].dropna().to_numpy()
    expected = np.bincount(np.searchsorted(x.edges, known, side="left"), minlength=len(x.edges) + 1)
    assert counts["x"] == (*expected.tolist(), int(current["x"].isna().sum()))
    by_text = [int((current["c"] == category).sum()) for category in c.categories]
    unseen = int((current["c"].notna() & ~current["c"].isin(c.categories)).sum())
    assert counts["c"] == (*by_text, 0, unseen, int(current["c"].isna().sum()))
    assert sum(counts["x"]) == sum(counts["c"]) == len(current)
    assert sum(x.counts) == len(reference)
    assert len(x.labels) == len(x.counts)


def test_lazy_polars_and_pandas_give_the_same_counts() -> None:
    data = frame([1.0, None, 3.0, np.nan], ["a", None, "b", "a"])
    profile = build_profile(data, KINDS, bins=3)
    assert count_bins(pl.from_pandas(data).lazy(), profile) == count_bins(data, profile)


def test_integers_that_became_floats_for_one_missing_value_are_the_same_categories() -> None:
    profile = build_profile(pd.DataFrame({"c": [1, 2, 2]}), {"c": "category"}, bins=2)
    later = pd.DataFrame({"c": [1, None, 2]})
    assert later["c"].dtype == "float64"
    assert count_bins(later, profile).by_column["c"] == (1, 1, 0, 0, 1)


def test_floats_too_large_for_an_integer_are_categories_too() -> None:
    codes = pd.DataFrame({"c": [1e30, 1e30, -(2.0**63), np.inf, 2.5]})
    (column,) = build_profile(codes, {"c": "category"}, bins=2).columns
    assert dict(zip(column.labels, column.counts, strict=True))["(missing)"] == 0
    assert sorted(column.counts[: len(column.categories)]) == [1, 1, 1, 2]


@pytest.mark.parametrize("empty", [frame([], []), frame([None, None], [None, None])], ids=["no rows", "all missing"])
def test_nothing_to_count_gives_empty_bins(empty: pd.DataFrame) -> None:
    profile = build_profile(frame([1.0, 2.0], ["a", "b"]), KINDS, bins=2)
    counts = count_bins(empty, profile)
    for bins in counts.by_column.values():
        assert bins[-1] == counts.n_rows == len(empty)
        assert not any(bins[:-1])


@pytest.mark.parametrize(
    ("current", "message"),
    [
        (pd.DataFrame({"c": ["a"]}), "column 'x' of the reference is not in the data. Known: c"),
        (pd.DataFrame({"x": ["a"], "c": ["a"]}), "column 'x' holds String, but the reference has numbers"),
        (pd.DataFrame({"x": [1, "a"], "c": "a"}), "column 'x' mixes types"),
    ],
    ids=["missing", "retyped", "mixed"],
)
def test_a_column_that_cannot_be_counted_is_named(current: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        count_bins(current, build_profile(frame([1.0], ["a"]), KINDS, bins=2))
