"""Parts of a calendar are recognised by name and values, and nothing else is."""

import pyarrow as pa
import pytest

from ml_platform.scaffold.calendar_sets import full_set
from ml_platform.scaffold.profile import profile_columns

FULL = {
    "month": ([1, 5], tuple(range(1, 13))),
    "sale_month": ([0, 11], tuple(range(12))),
    "pickupHour": ([7, 9], tuple(range(24))),
    "wday": ([0, 6], tuple(range(7))),
    "day": ([3, 31], tuple(range(1, 32))),
    "week": ([52, 53], tuple(range(1, 54))),
    "quarter": ([1], (1, 2, 3, 4)),
}
NONE = {
    "month": [1, 13],
    "months_open": [1, 5],
    "amount": [1, 5],
    "holiday": [0, 1],
    "Monday": ["yes", "no"],
    "seasonal": [1, 2],
}


@pytest.mark.parametrize("name", FULL)
def test_a_part_of_the_calendar_has_all_its_values(name: str) -> None:
    values, expected = FULL[name]
    assert full_set(profile_columns(pa.table({name: values}))[name]) == expected


@pytest.mark.parametrize("name", NONE)
def test_other_columns_have_none(name: str) -> None:
    assert full_set(profile_columns(pa.table({name: NONE[name]}))[name]) == ()


def test_names_of_months_keep_their_style() -> None:
    assert full_set(profile_columns(pa.table({"x": ["JAN", "MAY"]}))["x"])[:2] == ("JAN", "FEB")
    assert full_set(profile_columns(pa.table({"x": ["January", "May"]}))["x"])[-1] == "December"
