"""A label is what happened, and missing while nobody knows."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from ml_platform.errors import DataError
from ml_platform.features.labels import build_labels, replace_values
from ml_platform.features.settings import Entity
from ml_platform.features.target import Target
from ml_platform_tests.features.tables import ENTITY, trips


def labels(outcomes: list[object], **target: object) -> list[object]:
    frame = trips(list(range(len(outcomes))), ["sea"] * len(outcomes)).assign(delay=outcomes)
    found = build_labels(frame, ENTITY, Target(column="delay", **target), timezone="UTC")
    assert list(found) == ["trip", "event_time", "label"]
    return [None if pd.isna(label) else label for label in found["label"]]


def test_an_unknown_outcome_has_no_label() -> None:
    assert labels([10.0, None, 16.0, 15.0], greater_than=15) == [0, None, 1, 0]
    assert labels(["late", None, "on time"], positive="late") == [1, None, 0]
    assert labels([0, 1, 1], positive=1) == [0, 1, 1]


def test_labels_are_the_same_after_parquet(tmp_path: Path) -> None:
    frame = trips([0, 1], ["sea"] * 2).assign(delay=[20.0, None])
    found = build_labels(frame, ENTITY, Target(column="delay", greater_than=15), timezone="UTC")
    found.to_parquet(tmp_path / "labels.parquet")
    table = pq.read_table(tmp_path / "labels.parquet").replace_schema_metadata(None)
    pd.testing.assert_frame_equal(table.to_pandas(), found)


def test_a_value_that_the_column_can_never_have_is_refused() -> None:
    with pytest.raises(DataError, match=r"'delay' of table 'trips' holds object values such as '1'.*positive: 1"):
        labels(["1", "0"], positive=1)
    with pytest.raises(DataError, match="cannot be compared with 'positive: 1'"):
        labels([1, 0], positive="1")
    with pytest.raises(DataError, match="declared a number, but holds object values such as '16'"):
        labels(["16"], greater_than=15)


def test_a_boolean_column_is_its_own_outcome_also_with_missing_values() -> None:
    assert labels([True, False], positive=True) == [1, 0]
    assert labels([True, None, False], positive=True) == [1, None, 0]


def test_a_class_is_its_place_among_the_stated_ones_and_an_unknown_one_is_counted() -> None:
    assert labels(["b", None, "c", "a"], classes=("a", "b", "c")) == [1, None, 2, 0]
    assert labels([7, None, 5], classes=(7, 6, 5)) == [0, None, 2], "a missing value makes floats of whole numbers"
    expected = r"not among 'a', 'b', 'c': 'd' \(2 rows\), 'e' \(1 rows\); 3 of 5 rows"
    with pytest.raises(DataError, match=expected):
        labels(["d", "e", "d", None, "a"], classes=("a", "b", "c"))
    with pytest.raises(DataError, match=r"'1' \(1 rows\); 1 of 1 rows"):
        labels(["1"], classes=(1, 2, 3))


def test_a_number_is_predicted_as_it_is_and_an_infinite_one_is_counted() -> None:
    assert labels([1.5, None, -2]) == [1.5, None, -2]
    with pytest.raises(DataError, match="infinite in 1 of 2 rows"):
        labels([1.0, float("inf")])
    with pytest.raises(DataError, match=r"the target, column 'delay' of table 'trips', is declared a number"):
        labels(["much"])


def test_rows_without_a_time_have_a_key_and_a_label() -> None:
    frame = trips([0, 1], ["sea"] * 2).drop(columns="leaves_at")
    timeless = Entity(table="trips", contract="contract_trips.yaml", key=("trip",))
    assert list(build_labels(frame, timeless, Target(column="delay"), timezone="UTC")) == ["trip", "label"]


def test_a_missing_target_column_is_refused_with_a_guess() -> None:
    with pytest.raises(DataError, match=r"no column 'delays', which the target needs.*Did you mean 'delay'"):
        build_labels(trips([0], ["sea"]), ENTITY, Target(column="delays", greater_than=1), timezone="UTC")


def test_rare_values_are_merged_into_a_class_and_dropped_ones_are_unknown() -> None:
    outcome = pd.Series(["a", "b", "c", None, "d"])
    assert replace_values(outcome, {"c": "b"}, ["d"]).tolist() == ["a", "b", "b", None, None]
    numbers = replace_values(pd.Series([1, 2, 3]), {3: 2}, [])
    assert (numbers.tolist(), numbers.dtype) == ([1, 2, 2], "int64")
    assert replace_values(outcome, {}, []) is outcome
