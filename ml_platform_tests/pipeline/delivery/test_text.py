"""Cells are read in the type of the contract, whatever else they might be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract import Column
from ml_platform.delivery import Delivery
from ml_platform.errors import DataError
from ml_platform.pipeline.delivery.text import read_text

UTC_NOON = dt.datetime(2024, 2, 1, 12, tzinfo=dt.UTC)
READ: dict[str, tuple[str, list[str], Delivery, list[Any]]] = {
    "whole numbers": ("integer", ["1", "2.0", "-3", "1e3", "NA", ""], Delivery(), [1, 2, -3, 1000, None, None]),
    "large whole numbers": ("integer", [str(2**62 + 1)], Delivery(), [2**62 + 1]),
    "numbers": ("number", ["1", ".5", "1e-3", "nan"], Delivery(), [1.0, 0.5, 0.001, None]),
    "decimal commas": ("number", ["1,5", "2"], Delivery(decimal_comma=True), [1.5, 2.0]),
    "points beside the option": ("number", ["1.5", "2"], Delivery(decimal_comma=True), [1.5, 2.0]),
    "truth values": ("boolean", ["True", "false", "NULL"], Delivery(), [True, False, None]),
    "text that looks like numbers": ("string", ["007", "NA", "?"], Delivery(missing=("?",)), ["007", "NA", None]),
    "days": ("date", ["2024-02-01", "2024-02-01 00:00"], Delivery(), [dt.date(2024, 2, 1)] * 2),
    "days in a format": ("date", ["01/02/2024"], Delivery(formats={"x": "%d/%m/%Y"}), [dt.date(2024, 2, 1)]),
    "ISO days beside a format": ("date", ["2024-02-01"], Delivery(formats={"x": "%d/%m/%Y"}), [dt.date(2024, 2, 1)]),
    "times": (
        "timestamp",
        ["2024-02-01 12:00", "2024-02-01"],
        Delivery(),
        [dt.datetime(2024, 2, 1, h) for h in (12, 0)],
    ),
    "times with a zone": ("timestamp", ["2024-02-01T13:00+01:00"], Delivery(), [UTC_NOON]),
    "times of day": ("time", ["08:30"], Delivery(), [dt.time(8, 30)]),
}
WRONG: dict[str, tuple[str, list[str], Delivery]] = {
    "a fraction": ("integer", ["1", "1.5"], Delivery()),
    "a comma": ("number", ["1", "1,5"], Delivery()),
    "point and comma": ("number", ["2,5", "1.5"], Delivery(decimal_comma=True)),
    "a word": ("boolean", ["true", "yes"], Delivery()),
    "a time of day": ("date", ["2024-02-01", "2024-02-01 12:00"], Delivery()),
    "another format": ("date", ["2024-02-01", "02/01/2024"], Delivery()),
    "a day that there is not": ("timestamp", ["2024-02-01", "2024-02-30"], Delivery()),
}


def column(type_: str) -> Column:
    return Column(name="x", type=type_, required=False, rules=())


@pytest.mark.parametrize("case", READ)
def test_cells_are_values_of_the_type(case: str) -> None:
    type_, cells, delivery, values = READ[case]
    assert read_text(column(type_), cells, delivery, where="here", lines=[2, 3]).to_pylist() == values


@pytest.mark.parametrize("case", WRONG)
def test_a_cell_of_another_type_is_named_with_its_line(case: str) -> None:
    type_, cells, delivery = WRONG[case]
    with pytest.raises(DataError, match=rf"^here: 1 of 2 values are no {type_}: '.*' \(line [23]\)$"):
        read_text(column(type_), cells, delivery, where="here", lines=[2, 3])


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_are_exact(values: list[int | None]) -> None:
    cells = ["" if value is None else str(value) for value in values]
    assert read_text(column("integer"), cells, Delivery(), where="x", lines=[]).to_pylist() == values
