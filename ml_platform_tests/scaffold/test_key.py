"""The key is the stated one, the column that looks most like one, or a number for each row."""

from typing import Any

import pyarrow as pa
import pytest

from ml_platform.errors import DataError
from ml_platform.frames import to_frame
from ml_platform.scaffold.key import find_key, with_row_numbers
from ml_platform.scaffold.profile import profile_columns
from ml_platform.scaffold.roles import ColumnOptions

N = 40
COLUMNS: dict[str, list[Any]] = {
    "name": [f"name {n}" for n in range(N)],
    "order_id": [7 * n for n in range(N)],
    "shop": [n % 4 for n in range(N)],
    "day": [n // 4 for n in range(N)],
    "holed": [None, *range(1, N)],
    "amount": [n * 1.5 for n in range(N)],
    "y": list(range(N)),
}


def key(*columns: str, **options: Any) -> tuple[str, ...]:
    table = pa.table({name: COLUMNS[name] for name in (columns or COLUMNS)})
    return find_key(to_frame(table), profile_columns(table), ColumnOptions("y", **options))


def test_the_column_whose_name_says_so_comes_before_another_that_is_unique() -> None:
    assert key() == ("order_id",)
    assert key("name", "shop", "amount") == ("name",)


@pytest.mark.parametrize("use", ["protected", "keep", "drop"])
def test_a_column_with_another_use_is_no_key_and_neither_is_the_target(use: str) -> None:
    assert key(**{use: ("order_id",)}) == ("name",)
    assert key("y", "shop") == ()


def test_measurements_and_columns_with_holes_name_no_rows() -> None:
    assert key("amount", "holed", "shop") == ()


def test_a_stated_key_may_be_several_columns() -> None:
    assert key(key=("shop", "day")) == ("shop", "day")


def test_a_stated_key_that_is_none_is_refused_with_counts_and_one_that_is() -> None:
    with pytest.raises(DataError, match=r"key \(shop\) .*40 of 40 rows share theirs .*shop = 0.*order_id"):
        key(key=("shop",))
    with pytest.raises(DataError, match="No column does; without --key, rows are numbered"):
        key("shop", "day", key=("shop",))
    with pytest.raises(DataError, match="key column 'holed': 1 of 40 rows have no value"):
        key(key=("holed",))


def test_rows_are_numbered_from_one_under_a_name_that_is_free() -> None:
    table, name = with_row_numbers(pa.table({"x": [5, 6], "row_number": [1, 1], "row_number_2": [0, 0]}))
    assert name == "row_number_3"
    assert table.column_names == ["x", "row_number", "row_number_2", "row_number_3"]
    assert table[name].to_pylist() == [1, 2]
