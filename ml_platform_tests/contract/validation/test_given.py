"""A table is given as it is: no value is altered by Polars, and objects of another type are kept beside it."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract.validation.given import OBJECTS, given_table


def columns(logical_type: str) -> dict[str, str]:
    return {"x": logical_type}


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (pd.Series([1, 2], dtype="int32"), ("int32",)),
        (pd.Series([1, None], dtype="Int64"), ("int64",)),
        (pd.Series(["a"], dtype="category"), ("string",)),
        (pd.Series([1.5], dtype="float32"), ("float32",)),
        (pd.Series([Decimal("1.50")]), ("decimal128(3, 2)",)),
        (pd.Series([dt.date(2026, 1, 1)]), ("date32[day]",)),
        (pd.Series(pd.to_datetime(["2026-01-01"]).tz_localize("UTC")), ("timestamp[ns, tz=UTC]",)),
        (pd.Series([1, "a"], dtype=object), ("object",)),
    ],
)
def test_types_have_the_names_of_arrow(values: pd.Series, names: tuple[str, ...]) -> None:
    kind = "string" if values.dtype in (object, "category") else "number"
    assert given_table(columns(kind), pd.DataFrame({"x": values})).columns["x"].type_names == names


def test_a_scanned_file_names_its_types_and_seconds_may_be_stored_as_milliseconds() -> None:
    frame = pl.DataFrame({"x": pl.Series([dt.datetime(2026, 1, 1)], dtype=pl.Datetime("ms"))})
    given = given_table(columns("timestamp"), frame.lazy())
    assert given.columns["x"].type_names == ("timestamp[ms]", "timestamp[s]")
    assert not given.is_pandas


OBJECT = st.sampled_from(
    [None, "a", 1, 2**64, 2**200, 1.5, 2.0, float("nan"), float("inf"), True, Decimal("1.5"), Decimal(2), b"b",
     dt.date(2026, 1, 1), dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 8), dt.time(8), (1,), {"a": 1}]
)  # fmt: skip


@given(st.lists(OBJECT, min_size=1, max_size=6), st.sampled_from(sorted(OBJECTS)))
def test_every_object_is_a_value_or_kept_beside_with_its_row(values: list[Any], logical_type: str) -> None:
    """Whatever stands in one column, nothing is lost, and nothing is taken for something else."""
    given = given_table(columns(logical_type), pd.DataFrame({"x": pd.Series(values, dtype=object)}))
    found = given.columns["x"]
    read = given.frame.collect()["x"].to_list()
    for row, value in enumerate(values):
        is_missing = value is None or (isinstance(value, float) and math.isnan(value))
        assert is_missing == (read[row] is None and row not in found.objects)
        if row in found.objects:
            assert found.type_names == ("object",)
            assert not OBJECTS[logical_type][0](value)


def test_a_column_that_is_there_twice_is_none_and_all_names_are_known() -> None:
    frame = pd.DataFrame([[1, 2, 3]], columns=["x", "y", "x"])
    given = given_table(columns("integer"), frame)
    assert (given.names, dict(given.columns)) == (("x", "y", "x"), {})
    assert given.frame.select(pl.len()).collect().item() == 1


def test_offsets_are_moments_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    values = pd.Series([dt.datetime(2026, 1, 1, 2, tzinfo=zone)])
    given = given_table(columns("timestamp"), pd.DataFrame({"x": values}))
    assert given.frame.collect()["x"].to_list() == [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
    assert pa.types.is_timestamp(given.frame.collect()["x"].to_arrow().type)
