"""Every logical type and every option of it sets aside the rows that break it, and no others."""

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
from ml_platform.contract.columns import PHYSICAL_TYPES, read_time_format
from ml_platform.contract.options import FORMATS, OPTIONS, SIZES
from ml_platform.contract.validation import validate
from ml_platform.contract.validation.table import read_table
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


CASES: list[tuple[str, dict[str, Any], list[Any], list[Any], str]] = [
    # logical type, options, values that hold, values that do not, words of the reason
    ("string", {"minLength": 2}, ["ab", "größe", None], ["a", ""], "at least 2 characters"),
    ("string", {"maxLength": 2}, ["ab", "ü", ""], ["abc"], "at most 2 characters"),
    ("string", {"pattern": "^[A-Z]+$"}, ["AB"], ["Ab", ""], "match ^[A-Z]+$"),
    ("string", {"format": "email"}, ["a.b@example.org"], ["a@", "a b@c.de"], "of the format email"),
    ("string", {"format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"], "of the format uuid"),
    ("string", {"format": "uri"}, ["https://example.org/x?y=1", "urn:isbn:1"], ["example.org", "a b:c"], "format uri"),
    ("string", {"format": "hostname"}, ["example.org", "a"], ["-a", "a..b"], "format hostname"),
    ("string", {"format": "ipv4"}, ["10.0.0.255"], ["10.0.0.256", "1.2.3"], "format ipv4"),
    ("string", {"format": "ipv6"}, ["::1", "2001:db8::8a2e:370:7334", "1:2:3:4:5:6:7:8"], ["1::2::3", ":1"], "ipv6"),
    ("string", {"format": "byte"}, ["aGVsbG8=", ""], ["aGVsbG8"], "format byte"),
    ("integer", {"minimum": 1, "maximum": 3}, [1, 3, None], [0, 4], "between 1 and 3"),
    ("integer", {"exclusiveMinimum": 1, "exclusiveMaximum": 4}, [2, 3], [1, 4], "above 1 and below 4"),
    ("integer", {"multipleOf": 5}, [0, -10, 15], [1, 7], "multiple of 5"),
    ("integer", {"format": "i8"}, [-128, 127], [-129, 128], "between -128 and 127"),
    ("integer", {"format": "u64"}, [0, 2**40], [-1], "at least 0"),
    ("number", {"minimum": 0.5}, [0.5, 7], [0.4], "at least 0.5"),
    ("number", {"exclusiveMaximum": 1}, [0.99], [1.0], "below 1"),
    ("number", {"multipleOf": 0.01}, [0.29, 1.1, 1234567.89], [0.295], "multiple of 0.01"),
    ("number", {"format": "f32"}, [3.4e38], [3.5e38], "between"),
    ("boolean", {}, [True, False, None], ["yes"], "must be a boolean"),
    ("timestamp", {"timezone": True, "minimum": "2026-01-01T00:00:00Z"}, [utc("2026")], [utc("2025-12-31")], "least"),
    (
        "timestamp", {"defaultTimezone": "Europe/Berlin", "minimum": "2026-01-01T00:00:00Z"},
        [pd.Timestamp("2026-01-01 01:00")], [pd.Timestamp("2026-01-01 00:59")], "at least 2026-01-01 00:00:00+00:00",
    ),
    (
        "timestamp", {"format": "yyyy-MM-dd'T'HH:mm:ssXXX", "timezone": True, "maximum": "2026-01-01T00:00:00Z"},
        ["2026-01-01T01:00:00+01:00"], ["2026-01-01T00:00:00-01:00", "2026-01-01 00:00:00"], "2026-01-01",
    ),
    ("date", {"minimum": "2026-01-02"}, [dt.date(2026, 1, 2)], [dt.date(2026, 1, 1)], "at least 2026-01-02"),
    ("date", {"exclusiveMaximum": "2026-01-02"}, [dt.date(2026, 1, 1)], [dt.date(2026, 1, 2)], "below 2026-01-02"),
    ("date", {"format": "dd.MM.yyyy", "minimum": "2026-01-02"}, ["02.01.2026"], ["01.01.2026", "2.1.2026", "x"], ""),
    ("time", {"maximum": "08:30:00"}, [dt.time(8, 30)], [dt.time(8, 30, 1)], "at most 08:30:00"),
    ("time", {"format": "HH:mm", "minimum": "08:00:00"}, ["08:00"], ["07:59", "24:00"], ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {' '.join(case[1])}")
def test_an_option_sets_aside_the_rows_that_break_it(
    case: tuple[str, dict[str, Any], list[Any], list[Any], str], tmp_path: Path
) -> None:
    kind, options, right, wrong, words = case
    stated: dict[str, Any] = {"name": "x", "logicalType": kind, "logicalTypeOptions": options}
    if "format" in options and kind in ("timestamp", "date", "time"):
        stated["physicalType"] = "string"
    contract = things(tmp_path, stated, share=0.9)
    values = [*right, *wrong]
    numbers = all(type(value) in (int, float) for value in values)
    column = pd.Series(values, dtype=None if numbers or isinstance(values[0], pd.Timestamp) else object)
    validation = validate(contract, pd.DataFrame({"x": column}), file="things.parquet")
    assert sorted(set(validation.rejected["row"])) == list(range(len(right), len(values))), validation.rejected
    assert validation.passed
    assert all(words in reason for reason in validation.rejected["reason"])


def test_every_option_of_every_type_has_a_case() -> None:
    tried = {(kind, option) for kind, options, *_ in CASES for option in options}
    bounds = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    for kind, options in OPTIONS.items():
        assert {option for option in options if option not in bounds} <= {
            option for one, option in tried if one == kind
        }
    assert {options.get("format") for kind, options, *_ in CASES if kind == "string"} == {None, *FORMATS}
    assert set(SIZES["integer"]) == {f"{sign}{bits}" for sign in "iu" for bits in (8, 16, 32, 64, 128)}
    assert set(SIZES["number"]) == {"f32", "f64"}


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
def test_a_physical_type_is_the_type_in_the_file_and_no_other(scanned: bool, tmp_path: Path) -> None:
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
            read = read_table(kinds[name], given, "x.parquet")
            found = read.unread.get("x") or read.retyped.get("x", "")
            assert not found if alike else "expected" in found, (name, other, found)
            if not alike and "x" in read.retyped:
                assert f"expected physicalType {name}, in x.parquet (2 rows)" in found


def contract_of(folder: Path, logical_type: str, physical_type: str) -> Contract:
    return things(folder, {"name": "x", "logicalType": logical_type, "physicalType": physical_type})


def test_another_physical_type_stops_the_table_and_its_values_are_checked_all_the_same(tmp_path: Path) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": "integer", "physicalType": "int32", "required": True})
    assert validate(contract, pd.DataFrame({"x": [1, 2]}, dtype="int32"), file="x.parquet").passed
    (failure,) = validate(contract, pd.DataFrame({"x": [1, 2]}, dtype="int64"), file="x.parquet").failures
    assert failure.check == "schema"
    assert "column 'x' is int64, expected physicalType int32, in x.parquet (2 rows)" in failure.message


def test_whole_numbers_with_a_gap_are_floats_to_pandas_and_still_of_their_physical_type(tmp_path: Path) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": "integer", "physicalType": "int64"})
    assert validate(contract, pd.DataFrame({"x": [1.0, None]}), file="x.parquet").passed
    assert not validate(contract, pd.DataFrame({"x": [1.0, 2.0]}), file="x.parquet").passed
