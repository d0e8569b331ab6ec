"""Bars show the bins that the drift metric compares, with every row of either side in one of them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.drift.bars import MAX_CATEGORIES, bars
from ml_platform.drift.binning import build_profile
from ml_platform.drift.count import count_bins
from ml_platform.drift.profile import ColumnBins
from ml_platform_tests.drift.frames import KINDS, NUMBERS, TEXTS, frame


@given(*(st.lists(st.one_of(values), min_size=1, max_size=30) for values in (NUMBERS, TEXTS, NUMBERS, TEXTS)))
def test_the_shares_of_either_side_sum_to_one(
    x: list[float | None], c: list[str | None], x_now: list[float | None], c_now: list[str | None]
) -> None:
    profile = build_profile(frame(x, c), KINDS, bins=4)
    counts = count_bins(frame(x_now, c_now), profile)
    for bins in profile.columns:
        drawn = bars(bins, counts.by_column[bins.name])
        assert sum(bar.before for bar in drawn) == pytest.approx(1)
        assert sum(bar.now for bar in drawn) == pytest.approx(1)


def test_numbers_have_their_upper_edges_and_missing_values_a_bar_of_their_own() -> None:
    drawn = bars(ColumnBins("x", "number", edges=(1.0, 2.5), counts=(2, 1, 1, 0)), (1, 1, 1, 1))
    assert [(bar.tick, bar.at_end, bar.is_missing) for bar in drawn] == [
        ("1", True, False),
        ("2.5", True, False),
        ("", True, False),
        ("missing", False, True),
    ]
    assert not any(bar.is_missing for bar in bars(ColumnBins("x", "number", counts=(2, 0)), (1, 0)))


def test_the_edge_just_below_the_minimum_has_no_tick() -> None:
    (bins,) = build_profile(pd.DataFrame({"x": [0.0] * 9 + [1.0]}), {"x": "number"}, bins=4).columns
    assert [bar.tick for bar in bars(bins, bins.counts)][:2] == ["", "0"]


def test_of_many_categories_those_that_changed_most_have_a_bar() -> None:
    names = tuple(f"c{n:02}" for n in range(30))
    bins = ColumnBins("c", "category", categories=names, counts=(*[10] * 30, 0, 0, 0))
    drawn = bars(bins, (*[10] * 29, 200, 0, 0, 0))
    assert len(drawn) == MAX_CATEGORIES
    assert (drawn[-2].name, drawn[-1].tick) == ("c29", "others")


def test_bars_of_a_personal_number_show_no_edge() -> None:
    bins = ColumnBins(
        "x", "number", edges=(1.0, 2.5), counts=(2, 1, 1, 0), names=("bin 1", "bin 2", "bin 3", "(missing)")
    )
    drawn = bars(bins, (1, 1, 1, 0))
    assert [(bar.tick, bar.at_end) for bar in drawn] == [("bin 1", False), ("bin 2", False), ("bin 3", False)]
