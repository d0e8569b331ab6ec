"""A label is what happened, and missing while nobody knows."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from ml_platform.errors import DataError
from ml_platform.features.labels import build_labels
from ml_platform.features.settings import Target
from ml_platform_tests.features.tables import ENTITY, trips


def labels(outcomes: list[object], **target: object) -> list[object]:
    frame = trips(list(range(len(outcomes))), ["sea"] * len(outcomes)).assign(delay=outcomes)
    found = build_labels(frame, ENTITY, Target(column="delay", **target), timezone="UTC")
    assert list(found) == ["trip", "event_time", "label"]
    return [None if pd.isna(label) else label for label in found["label"]]


def test_an_unknown_outcome_has_no_label() -> None:
    assert labels([10.0, None, 16.0, 15.0], greater_than=15) == [0, None, 1, 0]
    assert labels(["late", None, "on time"], equals="late") == [1, None, 0]
    assert labels([0, 1, 1], equals=1) == [0, 1, 1]


def test_labels_are_the_same_after_parquet(tmp_path: Path) -> None:
    frame = trips([0, 1], ["sea"] * 2).assign(delay=[20.0, None])
    found = build_labels(frame, ENTITY, Target(column="delay", greater_than=15), timezone="UTC")
    found.to_parquet(tmp_path / "labels.parquet")
    table = pq.read_table(tmp_path / "labels.parquet").replace_schema_metadata(None)
    pd.testing.assert_frame_equal(table.to_pandas(), found)


def test_a_value_that_the_column_can_never_have_is_refused() -> None:
    with pytest.raises(DataError, match=r"'delay' of table 'trips' holds object values such as '1'.*equals 1"):
        labels(["1", "0"], equals=1)
    with pytest.raises(DataError, match="cannot be held against 'equals '1''"):
        labels([1, 0], equals="1")
    with pytest.raises(DataError, match="greater_than 15"):
        labels(["16"], greater_than=15)


def test_a_missing_target_column_is_refused_with_a_guess() -> None:
    with pytest.raises(DataError, match=r"no column 'delays', which the target needs.*Did you mean 'delay'"):
        build_labels(trips([0], ["sea"]), ENTITY, Target(column="delays", greater_than=1), timezone="UTC")
