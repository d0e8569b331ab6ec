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
    assert counts["c"] == (
        *by_text,
        int(current["c"].notna().sum()) - sum(by_text),
        int(current["c"].isna().sum()),
    )
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


def test_rare_categories_share_a_bin() -> None:
    many = pd.DataFrame({"c": [f"c{i}" for i in range(MAX_CATEGORIES + 30)] + ["c79"] * 5})
    (column,) = build_profile(many, {"c": "category"}, bins=2).columns
    assert len(column.categories) == MAX_CATEGORIES
    assert "c79" in column.categories
    assert column.counts[-2] == 30


def test_missing_column_and_empty_reference_are_refused() -> None:
    profile = build_profile(frame([1.0], ["a"]), KINDS, bins=2)
    with pytest.raises(DataError, match="column 'x' of the reference is not in the data"):
        count_bins(pd.DataFrame({"c": ["a"]}), profile)
    with pytest.raises(DataError, match="0 rows"):
        build_profile(frame([1.0], ["a"]).head(0), KINDS, bins=2)
