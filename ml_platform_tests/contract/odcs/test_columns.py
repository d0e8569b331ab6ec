"""Physical types are those of the file, and the format of written times is read as it is meant."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract import Contract
from ml_platform.contract.odcs.columns import PHYSICAL_TYPES, read_time_format
from ml_platform.contract.validation import validate
from ml_platform.contract.validation.table import read_table
from ml_platform_tests.contract.rejected import (
    NULLED,
    Change,
    assert_rejected,
    column,
)
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


@given(st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2200, 1, 1)))
def test_what_a_time_format_writes_it_reads(moment: dt.datetime) -> None:
    format_, regex = read_time_format("dd/MM/yyyy HH:mm:ss.SSSSSS", "here")
    text = pl.Series([moment.strftime("%d/%m/%Y %H:%M:%S.%f")])
    assert text.str.contains(regex).all()
    assert text.str.strptime(pl.Datetime("us"), format_).to_list() == [moment]


ZONED = "timestamp[ms, UTC]"
SIZED = "decimal(10, 2)"
FILES: dict[str, tuple[str, pa.DataType, list[Any]]] = {
    # physical type: logical type, the type of the file's column, values
    **{name: ("integer", pa.type_for_alias(name), [1, 2]) for name in PHYSICAL_TYPES if "int" in name},
    "float": ("number", pa.float32(), [0.5, 1]),
    "double": ("number", pa.float64(), [0.5, 1]),
    "decimal": ("number", pa.decimal128(10, 2), [Decimal("0.50"), Decimal(1)]),
    SIZED: ("number", pa.decimal128(10, 2), [Decimal("0.50"), Decimal(1)]),
    "string": ("string", pa.string(), ["a", "b"]),
    "large_string": ("string", pa.large_string(), ["a", "b"]),
    "bool": ("boolean", pa.bool_(), [True, False]),
    "boolean": ("boolean", pa.bool_(), [True, False]),
    "date": ("date", pa.date32(), [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]),
    "time": ("time", pa.time64("us"), [dt.time(8), dt.time(9)]),
    "timestamp_ntz": ("timestamp", pa.timestamp("us"), [dt.datetime(2026, 1, 1)] * 2),
    "timestamp_tz": ("timestamp", pa.timestamp("us", "Europe/Berlin"), [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 2),
    "date32": ("date", pa.date32(), [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]),
    "date32[day]": ("date", pa.date32(), [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]),
    "time32[s]": ("time", pa.time32("s"), [dt.time(8), dt.time(9)]),
    "time32[ms]": ("time", pa.time32("ms"), [dt.time(8), dt.time(9)]),
    "time64[us]": ("time", pa.time64("us"), [dt.time(8), dt.time(9)]),
    "time64[ns]": ("time", pa.time64("ns"), [dt.time(8), dt.time(9)]),
    **{
        f"timestamp[{unit}]": ("timestamp", pa.timestamp(unit), [dt.datetime(2026, 1, 1)] * 2)
        for unit in ("s", "ms", "us", "ns")
    },
    ZONED: ("timestamp", pa.timestamp("ms", "UTC"), [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 2),
}  # fmt: skip


@pytest.mark.parametrize("scanned", [True, False], ids=["scanned", "a frame"])
def test_a_physical_type_is_the_type_in_the_file_or_one_that_can_be_cast_to_it(scanned: bool, tmp_path: Path) -> None:
    assert set(FILES) == {*PHYSICAL_TYPES, ZONED, SIZED}
    same = {"large_string": "string", "date32[day]": "date", "date32": "date", "boolean": "bool"}
    open_ = {"timestamp_ntz": "timestamp[", "timestamp_tz": ZONED}
    kinds = {name: contract_of(tmp_path, kind, name) for name, (kind, _, _) in FILES.items()}
    for other, (_, type_, values) in FILES.items():
        table = pa.table({"x": pa.array(values, type_)})
        pq.write_table(table, tmp_path / "x.parquet")
        given = pl.scan_parquet(tmp_path / "x.parquet") if scanned else table.to_pandas()
        for name, (kind, _, _) in FILES.items():
            alike = same.get(name, name) == same.get(other, other) or (kind, FILES[other][0]) == ("time", "time")
            alike = alike or (
                name in open_ and other.startswith(open_[name]) and (name == "timestamp_tz") == (other == ZONED)
            )
            alike = alike or (name, other) == ("timestamp[us]", "timestamp_ntz")
            alike = alike or {name, other} == {"decimal", SIZED}
            # Parquet has no seconds
            alike = alike or (scanned and {name, other} == {"timestamp[s]", "timestamp[ms]"})
            if not alike and family(name) == family(other) is not None:
                continue  # see test_casts
            read = read_table(kinds[name], given, "x.parquet")
            found = read.unread.get("x") or read.retyped.get("x", "")
            assert not found if alike else "expected" in found, (name, other, found)
            if not alike and "x" in read.retyped:
                assert f"expected physicalType {name}, in x.parquet (2 rows)" in found


def family(name: str) -> str | None:
    """Return the types that are cast to each other as long as no value is altered."""
    logical_type, arrow, _ = FILES[name]
    if logical_type in ("date", "timestamp"):
        return "zoned" if getattr(arrow, "tz", None) else "times"
    return "numbers" if logical_type in ("integer", "number") else None


def contract_of(folder: Path, logical_type: str, physical_type: str) -> Contract:
    return things(folder, {"name": "x", "logicalType": logical_type, "physicalType": physical_type})


def test_another_physical_type_stops_the_table_and_its_values_are_checked_all_the_same(tmp_path: Path) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": "integer", "physicalType": "int8", "required": True})
    assert validate(contract, pd.DataFrame({"x": [1, 2]}, dtype="int8"), file="x.parquet").passed
    (failure,) = validate(contract, pd.DataFrame({"x": [1, 200]}, dtype="int64"), file="x.parquet").failures
    assert failure.check == "schema"
    assert (
        "column 'x' is int64, expected physicalType int8, which alters 1 values (row 1: 200), in x.parquet (2 rows)"
        in failure.message
    )


@pytest.mark.parametrize(
    ("classification", "hides"),
    [(None, False), ("public", False), ("Internal", False), ("confidential", True), ("personal", True), ("PII", True)],
)
def test_values_are_hidden_unless_their_classification_lets_them_be_read(
    tmp_path: Path, classification: str | None, hides: bool
) -> None:
    stated = {"name": "x", "logicalType": "string", "required": True}
    contract = things(tmp_path, {**stated, **({"classification": classification} if classification else {})})
    assert contract.columns["x"].personal is hides
    assert contract.has_personal(["x", "of no contract"]) is hides
    assert contract.columns["x"].shown("secret") == ("#2bb80d53" if hides else "'secret'")
    assert contract.columns["x"].shown(None) == "missing"


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a type": (column("amount", logicalType="array"), ["column 'amount'", "logicalType 'array'"]),
    "nulls without bound": (column("amount", quality=[]), ["column 'amount'", "nullValues"]),
    "a set of another type": (column("unit", enum=[{"value": 1}]), ["column 'unit'", "holds 1", "is it quoted?"]),
    "a set of another type in a metric": (
        column(
            "amount", quality=[NULLED, {"metric": "missingValues", "arguments": {"missingValues": ["-"]}, "mustBe": 0}]
        ),
        ["column 'amount'", "holds '-'", "type number"],
    ),
    "a physical type": (column("amount", physicalType="doubel"), ["'doubel'", "Did you mean 'double'?"]),
    "another physical name": (column("amount", physicalName="AMT"), ["physicalName 'AMT'"]),
    "a time format of a stored time": (
        column("at", logicalTypeOptions={"format": "yyyy-MM-dd", "timezone": True}),
        ["column 'at'", "physicalType: string"],
    ),
    "letters of a time format": (
        column("at", physicalType="string", logicalTypeOptions={"format": "YYYY-MM-dd"}),
        ["cannot read 'YYYY'", "Known: yyyy, yy"],
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
