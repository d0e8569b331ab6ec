"""A frame comes back from Parquet as it was, whatever is in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.frames import to_frame
from ml_platform.stores.parquet import compare_fingerprints, fingerprint, from_parquet, to_arrow, to_parquet

BITS = {"Int64": 64, "UInt64": 64, "Int32": 32}


def integers(name: str) -> st.SearchStrategy[int]:
    bits = BITS[name]
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if name.startswith("I") else (0, 2**bits - 1)
    return st.integers(low, high)


def round_trip(frame: pd.DataFrame) -> pd.DataFrame:
    return to_frame(from_parquet(to_parquet(to_arrow(frame)), "here", repair=""))


@given(st.sampled_from(list(BITS)).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.none() | integers(n)))))
def test_integers_come_back_to_the_last_digit_also_beside_missing_ones(drawn: tuple[str, list[int | None]]) -> None:
    name, values = drawn
    found = round_trip(pd.DataFrame({"key": pd.array(values, dtype=name)}))["key"]
    assert [None if pd.isna(value) else int(value) for value in found] == values
    assert str(found.dtype) == (name if None in values else name.lower())


texts = st.text(st.characters(codec="utf-8"), max_size=5)
days = st.dates(dt.date(1678, 1, 1), dt.date(2261, 12, 31))
columns = st.one_of(
    st.lists(st.floats(), min_size=3, max_size=3),
    st.lists(st.none() | texts, min_size=3, max_size=3),
    st.lists(st.none() | st.booleans(), min_size=3, max_size=3),
    st.lists(st.none() | days, min_size=3, max_size=3),
    st.lists(st.none() | st.decimals(-999, 999, places=3), min_size=3, max_size=3),
    st.lists(st.datetimes(dt.datetime(1678, 1, 1), dt.datetime(2261, 12, 31)), min_size=3, max_size=3),
)


@given(st.lists(columns, min_size=1, max_size=3))
def test_a_frame_is_the_same_after_two_round_trips_as_after_one(drawn: list[list[object]]) -> None:
    first = round_trip(pd.DataFrame({f"c{number}": pd.Series(values) for number, values in enumerate(drawn)}))
    again = round_trip(first)
    pd.testing.assert_frame_equal(again, first)
    assert compare_fingerprints(fingerprint(to_arrow(first)), fingerprint(to_arrow(again)), 3, 3) == []


def test_what_lies_in_the_place_of_a_missing_value_does_not_count() -> None:
    only_the_first, found = pa.py_buffer(b"\x01"), []
    for noise in (7, 8):
        values = pa.array([1, noise]).buffers()[1]
        found.append(fingerprint(pa.table({"x": pa.Array.from_buffers(pa.int64(), 2, [only_the_first, values])})))
    assert found[0] == found[1]


def test_a_column_without_any_value_has_the_type_of_text() -> None:
    assert str(to_arrow(pd.DataFrame({"x": [None, None]})).schema.field("x").type) == "string"


def test_decimals_stay_decimals() -> None:
    found = round_trip(pd.DataFrame({"x": [Decimal("1.10"), None]}))["x"]
    assert found[0] == Decimal("1.10")


def test_other_bytes_are_named_with_their_size_and_the_repair() -> None:
    with pytest.raises(DataError, match=r"s3://bucket/x \(4 bytes\) cannot be read: .* Do this"):
        from_parquet(b"text", "s3://bucket/x", repair="Do this")
