"""Duplicates are those that comparing every pair of rows finds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.exploration.duplicates import find_duplicates
from ml_platform_tests.exploration.windows import window

row = st.tuples(st.sampled_from([1.0, 2.0, None]), st.sampled_from(["a", "b", None]), st.sampled_from([0, 1]))


@given(st.lists(row, min_size=1, max_size=15))
def test_content(rows: list[tuple[float | None, str | None, int]]) -> None:
    n = len(rows)
    columns = {
        "x": [np.nan if x is None else x for x, _, _ in rows],
        "c": pd.Series([c for _, c, _ in rows], dtype=object),
    }
    parts = {"train": range(n // 2), "validation": range(n // 2, n // 2), "test": range(n // 2, n)}
    kinds = {"x": "number", "c": "category"}
    found = find_duplicates(window(columns, [y for _, _, y in rows], kinds=kinds, parts=parts))
    same = [(i, j) for i, j in product(range(n), repeat=2) if rows[i][:2] == rows[j][:2]]
    assert found.by_content == len({i for i, j in same if j < i})
    assert found.contradicting == len({i for i, j in same if rows[i][2] != rows[j][2]})
    assert found.in_train_too == {"validation": 0, "test": len({i for i, j in same if i >= n // 2 > j})}
    assert found.by_key == 0


def test_content_that_went_through_float32_is_the_same() -> None:
    x = np.random.default_rng(0).normal(size=9)
    rows = window({"x": np.concatenate([x, x.astype(np.float32)])}, [0, 1] * 9)
    assert find_duplicates(rows).by_content == 9


def test_key() -> None:
    rows = window({"x": [1.0, 2.0, 3.0, 4.0]}, [0, 1, 0, 1])
    rows.frame["id"] = [5, 5, 5, 6]
    assert find_duplicates(rows).by_key == 2
