import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract.result import Rejection, rejections, split
from ml_platform.errors import DataError

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
