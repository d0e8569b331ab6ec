"""A column of another type is accepted when each of its values survives the cast, and is stored in the contract's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract.validation import validate
from ml_platform.contract.validation.casts import arrow_type, cast_rows, survives
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")

MIDNIGHT, NOON = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 12)
WHOLE = {"name": "x", "logicalType": "integer", "physicalType": "int64"}
DATES = {"name": "x", "logicalType": "date", "physicalType": "date32"}
TIMES = {"name": "x", "logicalType": "timestamp", "physicalType": "timestamp[us]"}
ZONED = {
    "name": "x",
    "logicalType": "timestamp",
    "physicalType": "timestamp[us, tz=UTC]",
    "logicalTypeOptions": {"timezone": True},
}
NUMBERS = {"name": "x", "logicalType": "number", "physicalType": "double"}
TEXT = {"name": "x", "logicalType": "string", "physicalType": "string"}
ONES = {"metric": "invalidValues", "mustBe": 0, "arguments": {"validValues": [1]}}
SAME: dict[str, tuple[dict[str, Any], pa.Array, pa.DataType]] = {
    "whole floats": (WHOLE, pa.array([1.0, 2.0]), pa.int64()),
    "whole floats with a gap": (WHOLE, pa.array([1.0, None]), pa.int64()),
    "whole floats with NaN": (WHOLE, pa.array([1.0, float("nan")]), pa.int64()),
    "narrow whole numbers": (WHOLE, pa.array([1, 2], pa.int8()), pa.int64()),
    "wide whole numbers": ({**WHOLE, "physicalType": "int8"}, pa.array([1, -128]), pa.int8()),
    "whole numbers as numbers": (NUMBERS, pa.array([1, 2]), pa.float64()),
    "narrow numbers": (NUMBERS, pa.array([0.5, 0.1], pa.float32()), pa.float64()),
    "decimals": (NUMBERS, pa.array([Decimal("0.10"), None]), pa.float64()),
    "nanoseconds": (TIMES, pa.array([NOON, None], pa.timestamp("ns")), pa.timestamp("us")),
    "milliseconds": (TIMES, pa.array([NOON], pa.timestamp("ms")), pa.timestamp("us")),
    "another zone": (ZONED, pa.array([NOON], pa.timestamp("ns", "Europe/Berlin")), pa.timestamp("us", "UTC")),
    "timestamps at midnight": (DATES, pa.array([MIDNIGHT, None], pa.timestamp("ns")), pa.date32()),
    "dates as timestamps": (TIMES, pa.array([MIDNIGHT.date()]), pa.timestamp("us")),
    "numbers and NaN": (NUMBERS, pa.array([0.5, float("nan")]), pa.float64()),
    "nothing but NaN": (TEXT, pa.array([float("nan")] * 2), pa.string()),
    "no values": (TEXT, pa.nulls(2), pa.string()),
    "categories": (TEXT, pa.array(["a", None, "a"]).dictionary_encode(), pa.string()),
    "large text": (TEXT, pa.array(["a"], pa.large_string()), pa.string()),
}
ALTERED: dict[str, tuple[dict[str, Any], pa.Array, str]] = {
    "a fraction": (WHOLE, pa.array([1.0, 1.5]), "must be an integer"),
    "nanoseconds": (TIMES, pa.array([NOON, 1], pa.timestamp("ns")), "alters 1 values"),
    "a time of day": (DATES, pa.array([MIDNIGHT, NOON], pa.timestamp("ns")), "must be a date"),
    "large whole numbers": (NUMBERS, pa.array([1, 2**53 + 1]), f"alters 1 values (row 1: {2**53 + 1})"),
    "too wide": ({**WHOLE, "physicalType": "int8"}, pa.array([1, 300]), "alters 1 values (row 1: 300)"),
    "narrower": ({**NUMBERS, "physicalType": "float"}, pa.array([0.1, 0.5]), "alters 1 values (row 0: 0.1)"),
    "text": (WHOLE, pa.array(["1", "2"]), "is string, expected an integer"),
    "numbers as text": (TEXT, pa.array([1, 2]), "is int64, expected a string"),
    "no zone": (ZONED, pa.array([NOON], pa.timestamp("us")), "with a time zone"),
    "truth values": (WHOLE, pa.array([True, False]), "is bool, expected an integer"),
}


@pytest.mark.parametrize("case", SAME)
def test_values_that_survive_are_accepted_and_stored_in_the_type_of_the_contract(case: str, tmp_path: Path) -> None:
    column, values, type_ = SAME[case]
    contract = things(tmp_path, column)
    contract = replace(contract, columns={"x": replace(contract.columns["x"], max_null_share=1.0)})
    rows = pa.table({"x": values})
    pq.write_table(rows, tmp_path / "x.parquet")
    assert not validate(contract, pl.scan_parquet(tmp_path / "x.parquet"), file="x.parquet").failures
    cast = cast_rows(contract, rows)["x"]
    assert (cast.type, arrow_type(contract.columns["x"])) == (type_, type_)
    assert cast.null_count == pd.Series(values.to_pandas()).isna().sum()


@pytest.mark.parametrize("case", ALTERED)
def test_values_that_a_cast_would_alter_are_rejected_by_name_and_number(case: str, tmp_path: Path) -> None:
    column, values, words = ALTERED[case]
    contract, rows = things(tmp_path, column), pa.table({"x": values})
    result = validate(contract, pl.DataFrame(pl.from_arrow(rows)).lazy(), file="x.parquet")
    assert words in " ".join(one.message for one in result.failures)
    assert cast_rows(contract, rows) is rows


def test_what_pandas_writes_of_a_csv_keeps_the_contract_of_the_csv(tmp_path: Path) -> None:
    columns = (
        WHOLE,
        {**WHOLE, "name": "gap"},
        {**DATES, "name": "day"},
        {**TIMES, "name": "at"},
        {**TEXT, "name": "t"},
    )
    contract = things(tmp_path, *columns)
    (tmp_path / "x.csv").write_text(
        "x,gap,day,at,t\n1,1,2026-01-01,2026-01-01 12:00,a\n2,,2026-01-02,2026-01-02 12:00,b\n"
    )
    frame = pd.read_csv(tmp_path / "x.csv", parse_dates=["day", "at"]).astype({"x": "float64"})
    frame.to_parquet(tmp_path / "x.parquet")
    given = pl.scan_parquet(tmp_path / "x.parquet").select("x", "gap", "day", "at", "t")
    assert [one.message for one in validate(contract, given, file="x.parquet").failures] == []


@given(st.lists(st.floats() | st.none()))
def test_a_float_survives_as_a_whole_number_exactly_when_it_is_one(values: list[float | None]) -> None:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    found = frame.select(survives("x", pl.Float64(), pl.Int64())).to_series().to_list()
    assert found == [v is None or isnan(v) or (v.is_integer() and -(2**63) <= v < 2**63) for v in values]


def test_outcomes_may_be_missing_and_hold_their_rule_where_they_are(tmp_path: Path) -> None:
    target = {"name": "y", "logicalType": "integer", "physicalType": "int64", "required": True, "quality": [ONES]}
    later = {"name": "z", "logicalType": "number", "required": True}
    contract = replace(things(tmp_path, {**WHOLE, "required": True}, target, later), outcome="y", known_later=("z",))

    def broken(**columns: list[Any]) -> list[str]:
        result = validate(contract, pl.DataFrame(columns).lazy(), file="x.parquet")
        return [one.check for one in result.failures]

    assert broken(x=[1, 2]) == []
    assert broken(x=[1, 2], y=[None, None], z=[None, None]) == []
    assert broken(x=[1, 2], y=[1, None], z=[0.5, 0.5]) == []
    assert broken(x=[1, 2], y=[1, 2], z=[0.5, 0.5]) == ["quarantine_share", "column_y"]
    assert broken(x=[1, 2], y=[1, 1]) == ["schema", "column_z"]
    assert broken(y=[1, 1], z=[0.5, 0.5]) == ["schema", "column_x"]


def test_columns_that_are_awaited_are_added_without_values(tmp_path: Path) -> None:
    target = {"name": "y", "logicalType": "boolean", "physicalType": "bool", "required": True}
    contract = replace(things(tmp_path, WHOLE, target), outcome="y").awaiting(some_outcome=False)
    cast = cast_rows(contract, pa.table({"x": [1, 2]}))
    assert cast["y"].type == pa.bool_()
    assert cast["y"].null_count == 2
