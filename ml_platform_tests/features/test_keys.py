"""Rows share a code when they share a key, whatever their type; a row's instant is read, or is an error."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.features.keys import MISSING_KEY, event_times, key_codes, keys_and_event_time, value_type
from ml_platform.features.settings import Entity
from ml_platform_tests.features.tables import ENTITY, trips

PARTS = st.tuples(st.none() | st.integers(2**53 - 1, 2**53 + 2), st.none() | st.sampled_from(["a", "b", ""]))
STORED = st.sampled_from(["Int64", "int64[pyarrow]", "object"])


@given(st.lists(PARTS, max_size=12), st.lists(PARTS, max_size=12), STORED, STORED)
@settings(max_examples=300, deadline=None)
def test_rows_of_two_tables_share_a_code_exactly_when_they_share_a_key(
    left: list[Any], right: list[Any], ours: str, theirs: str
) -> None:
    numbers = [pd.Series([n for n, _ in rows], dtype=kind) for rows, kind in ((left, ours), (right, theirs))]
    texts = [pd.Series([text for _, text in rows], dtype="object") for rows in (left, right)]
    codes = key_codes([numbers, texts])
    rows = [*left, *right]
    assert len(codes) == len(rows)
    for (one, a), (other, b) in product(zip(codes, rows, strict=True), repeat=2):
        assert (one == MISSING_KEY) == (None in a)
        if MISSING_KEY not in (one, other):
            assert (one == other) == (a == b)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "text"),
        (7, "numbers"),
        (True, "numbers"),
        (np.bool_(True), "numbers"),
        (Decimal(1), "numbers"),
        (date(2013, 1, 1), "dates"),
        (pd.Timestamp("2013-01-01"), "times without a zone"),
        (pd.Timestamp("2013-01-01", tz="UTC"), "times with a zone"),
        (b"x", "bytes"),
    ],
)
def test_the_type_of_values_is_said_in_words(value: Any, kind: str) -> None:
    assert value_type(pd.Series([None, value], dtype="object")) == kind


def test_no_value_has_no_type() -> None:
    assert value_type(pd.Series([None, None])) is None
    assert value_type(pd.Series([], dtype="float64")) is None


def test_keys_come_with_the_instant_where_the_entity_has_one() -> None:
    frame = trips([30], ["sea"])
    found = keys_and_event_time(frame, ENTITY, "UTC")
    assert list(found) == ["trip", "event_time"]
    assert found["event_time"].tolist() == [pd.Timestamp("2013-03-01T00:30Z")]
    timeless = Entity(table="trips", contract="c", key=("trip", "place"))
    assert list(keys_and_event_time(frame, timeless, "UTC")) == ["trip", "place"]


def test_a_row_without_an_instant_and_a_missing_column_are_refused() -> None:
    holed = trips([0, 1], ["sea"] * 2).assign(leaves_at=[pd.Timestamp("2013-03-01", tz="UTC"), pd.NaT])
    with pytest.raises(DataError, match="column 'leaves_at' of table 'trips' is missing in 1 of 2 rows"):
        event_times(holed, ENTITY, "UTC")
    with pytest.raises(DataError, match="no column 'leaves_at', which the entity's time needs"):
        event_times(holed.drop(columns="leaves_at"), ENTITY, "UTC")
    with pytest.raises(DataError, match="no column 'trip', which the entity's key needs"):
        keys_and_event_time(holed.drop(columns="trip"), ENTITY, "UTC")
