"""A column's values are numbers or text, the same however pandas stores them; a column that is not there is guessed."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.features.columns import as_numbers, as_text, require_columns
from ml_platform.features.settings import Feature
from ml_platform_tests.features.tables import build, trips, weather

WHOLE = st.none() | st.integers(-(2**53), 2**53)


def test_whole_numbers_are_the_same_categories_whether_or_not_one_is_missing() -> None:
    feature = (Feature(name="size", kind="category", sources=("vehicle",)),)
    complete = trips([0, 1], ["sea"] * 2).assign(vehicle=[3, 4])
    holed = trips([0, 1, 2], ["sea"] * 3).assign(vehicle=[3.0, float("nan"), 4.0])
    assert build(complete, weather([], []), joins=(), features=feature)["size"].tolist() == ["3", "4"]
    assert build(holed, weather([], []), joins=(), features=feature)["size"].tolist() == ["3", None, "4"]
    beside_a_half = holed.assign(vehicle=[3.0, 2.5, -0.0])
    assert build(beside_a_half, weather([], []), joins=(), features=feature)["size"].tolist() == ["3", "2.5", "0"]


@pytest.mark.parametrize("column", ["place", "leaves_at"])
def test_text_and_times_are_not_numbers(column: str) -> None:
    feature = (Feature(name="n", kind="number", sources=(column,)),)
    with pytest.raises(DataError, match="feature 'n' is declared a number, but holds"):
        build(trips([0], ["sea"]), weather([], []), joins=(), features=feature)


@given(st.lists(WHOLE, max_size=30))
@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize("dtype", ["Int64", "int64[pyarrow]", "float64", "object"])
def test_whole_numbers_are_the_same_however_pandas_stores_them(dtype: str, values: list[int | None]) -> None:
    column = pd.Series(values, dtype=dtype)
    numbers, text = as_numbers(column, "column 'n'"), as_text(column)
    assert numbers.dtype == np.float64
    assert [None if np.isnan(number) else int(number) for number in numbers] == values
    assert text.tolist() == [None if value is None else str(value) for value in values]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([True, None, False], [1.0, None, 0.0]),
        ([Decimal("1.25"), None], [1.25, None]),
        ([1.5, float("inf")], [1.5, float("inf")]),
        ([], []),
        ([None, None], [None, None]),
    ],
)
def test_what_is_a_number_is_one(values: list[Any], expected: list[float | None]) -> None:
    found = as_numbers(pd.Series(values, dtype="object", name="n", index=range(5, 5 + len(values))), "column 'n'")
    assert [None if np.isnan(number) else number for number in found] == expected
    assert (found.name, found.index.tolist()) == ("n", list(range(5, 5 + len(values))))


@pytest.mark.parametrize("values", [["1"], [pd.Timestamp("2013-01-01")], [1.0, "2"], [b"1"]])
def test_what_only_looks_like_a_number_is_refused_with_an_example(values: list[Any]) -> None:
    with pytest.raises(DataError, match=r"column 'n' is declared a number, but holds \S+ values such as"):
        as_numbers(pd.Series(values), "column 'n'")
    assert as_text(pd.Series(values)).notna().all()


def test_a_column_that_is_not_there_is_named_with_what_needs_it() -> None:
    frame = pd.DataFrame({"delay": [1], 7: [2]})
    require_columns(frame, ["delay", 7], "trips", "the target")
    with pytest.raises(
        DataError, match=r"'trips' \(1 rows\) has no column 'delays', which the target needs.*'delay'\?"
    ):
        require_columns(frame, ["delay", "delays"], "trips", "the target")
