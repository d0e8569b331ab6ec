"""What is said of a column is what is in it, and outliers are those of the textbook rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.cbook import boxplot_stats

from ml_platform.exploration.columns import describe_columns, find_outliers
from ml_platform_tests.exploration.windows import window

finite = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50)


@given(finite)
def test_fences_leave_out_what_a_box_plot_draws_as_points(values: list[float]) -> None:
    found = find_outliers(np.array(values))
    box = boxplot_stats(values)[0]
    assert found.tukey == (len(box["fliers"]) if box["q1"] < box["q3"] else None)


def test_robust_z_counts_beyond_three_and_a_half_robust_deviations() -> None:
    values = np.array([3.2, 3.3, 8.1, 3.2, 2.9, 3.7, 3.1, 3.5, 3.3])
    robust = 0.6745 * np.abs(values - 3.3) / 0.2
    assert sorted(robust)[-2:] == pytest.approx([1.349, 16.188])
    assert find_outliers(values).robust_z == 1


def test_rules_say_nothing_where_most_values_are_equal() -> None:
    found = find_outliers(np.array([0.0] * 90 + [1.0] * 10))
    assert (found.tukey, found.robust_z) == (None, None)


def test_a_column_is_described_with_all_that_is_wrong_with_it() -> None:
    columns = {
        "x": [1.0, 2.0, np.nan, np.inf, 4.0, 4.0],
        "c": pd.Series(["b", "b", "a", None, None, None], dtype=object),
        "empty": [np.nan] * 6,
        "constant": [1.0] * 6,
        "infinite": [np.inf] * 6,
    }
    x, c, empty, constant, infinite = describe_columns(window(columns, [0, 1] * 3))
    assert (x.missing, x.infinite, x.distinct, x.quantiles) == (1, 1, 4, (1.0, 1.75, 3.0, 4.0, 4.0))
    assert x.missing_by_part == {"train": 0.0, "validation": 0.5, "test": 0.0}
    assert (c.missing, c.distinct, c.top) == (3, 2, (("b", 2 / 3), ("a", 1 / 3)))
    assert [column.state for column in (x, c)] == [None, None]
    assert empty.state == "no value at all"
    assert constant.state == "one value only"
    assert infinite.state == "nothing finite"
