"""Rules are tried on the partitions that follow those they were learned on, and what fails there says by how much."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.scaffold.roles import Role
from ml_platform.scaffold.trial import Trial, allowed_missing, allowed_quarantine, allowed_rows, try_rules

ROLES = {"x": Role("x", "category", "3 values"), "y": Role("y", "target", "")}


def tried(*partitions: list[str | None]) -> Trial:
    tables = {
        str(2000 + place): pa.table({"x": pa.array(values, pa.string()), "y": [0, 1] * (len(values) // 2)})
        for place, values in enumerate(partitions)
    }
    return try_rules(tables, ROLES, class_column="y")


def test_what_holds_on_later_partitions_has_no_figure() -> None:
    assert tried(["a", "b"] * 50, ["b", "a"] * 40) == Trial({}, {}, "")


def test_a_new_value_fails_with_its_share_and_partition() -> None:
    found = tried(["a", "b"] * 50, ["a", "b"] * 50, ["a", "b"] * 50, ["a", "c", "b", "a"] * 25)
    assert found.values == {"x": "learned on 2000 to 2001, it fails 25.0% of the rows of 2003"}


def test_a_value_in_a_thousand_is_set_aside_and_no_failure() -> None:
    assert tried(["a", "b"] * 1000, ["a", "b"] * 999 + ["a", "c"]).values == {}


def test_more_missing_and_more_rows_fail_too() -> None:
    found = tried(["a", "b"] * 50, ["a", None] * 150)
    assert found.missing == {"x": "learned on 2000, it fails: 50.0% are missing in 2001"}
    assert found.rows == "learned on 2000, it fails: 2001 has 300 rows"


def test_a_table_without_partitions_is_tried_on_a_random_half_of_its_rows() -> None:
    names = [f"name {number}" for number in range(20)]
    assert tried(["a", "b"] * 100) == Trial({}, {}, "")
    assert tried(["a", "b"] * 90 + names).values["x"].startswith("learned on half of the rows, it fails")
    assert tried(["a", "b"] * 20 + names) == Trial({}, {}, "")


def test_a_value_missing_here_and_there_takes_no_rule_its_teeth() -> None:
    assert tried(["a", "b"] * 100, ["a", "b"] * 99 + ["a", None]).missing == {}


@given(st.lists(st.integers(1, 10**6), min_size=1))
def test_at_least_two_rows_of_a_typical_file_may_be_set_aside_but_never_many(counts: list[int]) -> None:
    share = allowed_quarantine(counts)
    assert 0.01 <= share <= 0.1
    assert share * sorted(counts)[len(counts) // 2] >= 2 or share == 0.1


@given(st.floats(0, 0.999))
def test_more_may_be_missing_than_was_seen_but_never_all(share: float) -> None:
    assert 100 * share <= max(allowed_missing(share), 99.9)
    assert 1 <= allowed_missing(share) <= 99


@given(st.lists(st.integers(1, 10**7), min_size=1))
def test_a_file_may_have_half_as_many_rows_or_twice(counts: list[int]) -> None:
    least, most = allowed_rows(counts)
    assert 1 <= least <= min(counts)
    assert most == 2 * max(counts)
