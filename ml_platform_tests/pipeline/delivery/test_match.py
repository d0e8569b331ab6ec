"""Which delivered rows are stored ones: by their key, by their order, or by what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.pipeline.delivery.match import NEW, by_content, by_key, by_run, merge

SMALL = st.lists(st.integers(0, 2), min_size=1, max_size=8)


def rows(x: list[Any], **others: list[Any]) -> pa.Table:
    return pa.table({"x": pa.array(x, pa.int64()), **others})


def test_a_key_is_found_wherever_it_stands() -> None:
    assert by_key(rows([5, 7, 9]), rows([9, 4, 5]), ["x"]).tolist() == [2, NEW, 0]


@given(SMALL, SMALL)
def test_a_run_is_found_when_the_rows_stand_together_in_order(stored: list[int], delivered: list[int]) -> None:
    runs = [
        list(range(i, i + len(delivered))) for i in range(len(stored)) if stored[i : i + len(delivered)] == delivered
    ]
    found = by_run(rows(stored), rows(delivered), ["x"]).tolist()
    assert found == (runs[0] if runs else [NEW] * len(delivered))


@given(SMALL, SMALL)
def test_equal_rows_are_matched_one_by_one(stored: list[int], delivered: list[int]) -> None:
    found = by_content(rows(stored), rows(delivered), ["x"])
    places = [place for place in found.tolist() if place != NEW]
    assert len(set(places)) == len(places) == sum(min(stored.count(x), delivered.count(x)) for x in set(delivered))
    assert all(stored[place] == delivered[i] for i, place in enumerate(found) if place != NEW)


def test_stored_rows_keep_their_place_and_new_ones_follow() -> None:
    stored, delivered = rows([1, 2, 3], y=["a", "b", "c"]), rows([4, 2], y=["d", "e"])
    merged = merge(stored, delivered, np.array([NEW, 1]), [], whole=False)
    assert merged.rows.to_pydict() == {"x": [1, 2, 3, 4], "y": ["a", "e", "c", "d"]}
    assert (merged.n_new, merged.n_corrected, merged.n_removed, merged.is_changed) == (1, 1, 0, True)


def test_a_delivery_of_the_whole_partition_removes_the_others() -> None:
    merged = merge(rows([1, 2, 3]), rows([3, 4]), np.array([2, NEW]), [], whole=True)
    assert merged.rows.to_pydict() == {"x": [3, 4]}
    assert (merged.n_new, merged.n_corrected, merged.n_removed) == (1, 0, 2)


def test_what_is_known_later_stays_unless_it_is_delivered() -> None:
    stored = rows([1, 2], y=["a", None])
    again = merge(stored, rows([1, 2]), np.array([0, 1]), ["y"], whole=False)
    assert not again.is_changed
    known = merge(stored, rows([1, 2], y=[None, "b"]), np.array([0, 1]), ["y"], whole=False)
    assert known.rows.to_pydict() == {"x": [1, 2], "y": ["a", "b"]}
    assert known.n_corrected == 1


def test_into_an_empty_partition_all_rows_are_new() -> None:
    empty = rows([], y=pa.array([], pa.string()))
    merged = merge(empty, rows([1, 2]), np.array([NEW, NEW]), ["y"], whole=False)
    assert merged.rows.to_pydict() == {"x": [1, 2], "y": [None, None]}
