"""Every row is counted in exactly one bin, by an independent implementation too."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.drift.count import count_bins
from ml_platform.drift.profile import MAX_CATEGORIES, build_profile
from ml_platform.errors import DataError

NUMBERS = st.one_of(st.none(), st.floats(-5, 5), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, 1.0]))
TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "Å", ""]))
KINDS = {"x": "number", "c": "category"}


def frame(numbers: list[float | None], texts: list[str | None]) -> pd.DataFrame:
    n_rows = min(len(numbers), len(texts))
    return pd.DataFrame(
        {"x": pd.Series(numbers[:n_rows], dtype="float64"), "c": pd.Series(texts[:n_rows], dtype=object)}
    )


@given(*[st.lists(values, min_size=1, max_size=60) for values in (NUMBERS, TEXTS, NUMBERS, TEXTS)])
@settings(max_examples=60, deadline=None)
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


def test_bins_hold_equal_shares_of_a_continuous_reference() -> None:
    values = pd.DataFrame({"x": np.random.default_rng(0).normal(size=1000)})
    (x,) = build_profile(values, {"x": "number"}, bins=10).columns
    assert x.counts == (100,) * 10 + (0,)


def test_lazy_polars_and_pandas_give_the_same_counts() -> None:
    data = frame([1.0, None, 3.0, np.nan], ["a", None, "b", "a"])
    profile = build_profile(data, KINDS, bins=3)
    assert count_bins(pl.from_pandas(data).lazy(), profile) == count_bins(data, profile)


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


def test_integers_that_became_floats_for_one_missing_value_are_the_same_categories() -> None:
    profile = build_profile(pd.DataFrame({"c": [1, 2, 2]}), {"c": "category"}, bins=2)
    later = pd.DataFrame({"c": [1, None, 2]})
    assert later["c"].dtype == "float64"
    assert count_bins(later, profile).by_column["c"] == (1, 1, 0, 0, 1)


@pytest.mark.parametrize("empty", [frame([], []), frame([None, None], [None, None])], ids=["no rows", "all missing"])
def test_nothing_to_count_gives_empty_bins(empty: pd.DataFrame) -> None:
    profile = build_profile(frame([1.0, 2.0], ["a", "b"]), KINDS, bins=2)
    counts = count_bins(empty, profile)
    for bins in counts.by_column.values():
        assert bins[-1] == counts.n_rows == len(empty)
        assert not any(bins[:-1])


def test_a_reference_without_any_value_notices_values() -> None:
    profile = build_profile(frame([None, None], [None, None]), KINDS, bins=2)
    assert count_bins(frame([1.0], ["a"]), profile).by_column == {"x": (1, 0), "c": (0, 1, 0)}


@pytest.mark.parametrize(
    ("current", "message"),
    [
        (pd.DataFrame({"c": ["a"]}), "column 'x' of the reference is not in the data. Known: c"),
        (pd.DataFrame({"x": ["a"], "c": ["a"]}), "column 'x' holds String, and the reference takes it for a number"),
        (pd.DataFrame({"x": [1, "a"], "c": "a"}), "column 'x' mixes types"),
    ],
    ids=["missing", "retyped", "mixed"],
)
def test_a_column_that_cannot_be_counted_is_named(current: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        count_bins(current, build_profile(frame([1.0], ["a"]), KINDS, bins=2))


def test_empty_reference_is_refused() -> None:
    with pytest.raises(DataError, match="0 rows"):
        build_profile(frame([], []), KINDS, bins=2)
