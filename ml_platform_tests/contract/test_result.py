import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract import ValidationResult
from ml_platform.contract.result import Rejection, readmitted, rejections, split
from ml_platform.contract.validation import validate
from ml_platform.errors import DataError
from ml_platform_tests.contract.frames import valid_frame
from ml_platform_tests.contract.small import shipped

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_a_result_survives_json_and_its_rejected_rows_a_table() -> None:
    weather = shipped("weather")
    frame = valid_frame(weather, 50, 1)
    frame.loc[3, "wind_speed"] = -1.0
    frame.loc[3, "origin"] = "XYZ"
    validation = validate(weather, frame, file="weather.parquet", window=None)
    again = ValidationResult.from_document(json.loads(json.dumps(validation.to_document())), validation.rejected)
    assert again == validation
    assert (again.passed, again.n_quarantined) == (False, 1)
    pd.testing.assert_frame_equal(again.rejected, validation.rejected)
    assert len(ValidationResult.from_document(validation.to_document()).rejected) == 0


REJECTED = st.lists(
    st.builds(
        Rejection, st.integers(0, 9), st.sampled_from("ab"), st.just("must be low"), st.sampled_from(["9", "x: y"])
    )
)


@given(st.integers(10, 20), REJECTED)
def test_split_loses_nothing_and_gives_every_reason_in_order(n_rows: int, rejected: list[Rejection]) -> None:
    frame = pd.DataFrame({"number": range(n_rows), "a": "x"}, index=range(5, 5 + n_rows))
    valid, quarantined = split(frame, rejections(rejected))
    assert sorted([*valid["number"], *quarantined["number"]]) == list(range(n_rows))
    assert list(valid["number"]) == [row for row in range(n_rows) if row not in {one.row for one in rejected}]
    expected = [
        "; ".join(f"{one.column} must be low: {one.value}" for one in rejected if one.row == number)
        for number in sorted({one.row for one in rejected})
    ]
    assert list(quarantined["reasons"]) == expected
    assert list(valid.columns) == ["number", "a"]
    assert quarantined["number"].dtype == frame["number"].dtype


def test_an_empty_frame_splits_into_two_empty_ones() -> None:
    valid, quarantined = split(pd.DataFrame({"a": []}), rejections([]))
    assert len(valid) == len(quarantined) == 0
    assert list(quarantined.columns) == ["a", "reasons"]


def test_reasons_of_other_data_are_rejected() -> None:
    with pytest.raises(DataError, match=r"row 5.*has 3 rows"):
        split(pd.DataFrame({"a": [1, 2, 3]}), rejections([Rejection(5, "a", "must be low", "9")]))


def test_rows_whose_key_was_in_quarantine_are_readmitted() -> None:
    valid = pd.DataFrame({"a": [1, 1, 2], "b": ["x", "y", "x"], "n": [1.0, 2.0, 3.0]}, index=[5, 6, 7])
    before = pd.DataFrame({"a": [1, 1, 3], "b": ["y", "y", "x"], "n": [None, None, None], "reasons": "bad"})
    assert readmitted(before, valid, ("a", "b")).index.tolist() == [6]
    assert len(readmitted(None, valid, ("a", "b"))) == len(readmitted(before, valid, ())) == 0
    assert list(readmitted(before.head(0), valid, ("a",)).columns) == ["a", "b", "n"]
