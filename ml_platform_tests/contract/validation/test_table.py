"""Whatever a column holds is read as it is, or found to be of another type; a scanned file is read as its frame."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, note, seed
from hypothesis import strategies as st

from ml_platform.contract import Contract, ValidationResult
from ml_platform.contract.validation import validate
from ml_platform.errors import DataError
from ml_platform_tests.contract.frames import valid_frame
from ml_platform_tests.contract.small import shipped, things

SEED = 9999
KINDS = [object, "Int64", "UInt64", "int64[pyarrow]"]


def held(contract: Contract, values: Any) -> ValidationResult:
    # pandas makes floats of whole numbers beside None
    column = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    return validate(contract, pd.DataFrame({"x": column}), file="x.parquet")


def messages(result: ValidationResult) -> str:
    return " ".join(one.message for one in result.failures)


@pytest.mark.parametrize(
    ("logical_type", "options", "values"),
    [
        ("date", {"maximum": "9999-12-31"}, [dt.date(9999, 12, 31), dt.date(1, 1, 1), None]),
        ("date", {}, [pd.Timestamp("2026-01-01"), None]),
        ("integer", {"minimum": 1}, pd.Series([2**64 - 1, 1], dtype="uint64")),
        ("integer", {"minimum": 1}, [2**64 - 1, 1, None]),
        ("integer", {"maximum": 2**60 + 1}, pd.Series([2**60 + 1, None], dtype="Int64")),
        ("string", {}, pd.Series(["a", "b", None], dtype="category")),
        ("string", {}, pd.Series(["a", None], dtype="string[pyarrow]")),
        ("integer", {}, pd.Series([1, 2, None]).astype("category")),
        ("number", {"minimum": 0.1}, [Decimal("0.10"), Decimal("12.5"), None]),
        ("number", {"minimum": 0}, [1, 2.5, Decimal("0.5")]),
        ("integer", {}, [Decimal("1"), Decimal("2.0")]),
        ("timestamp", {}, [dt.datetime(9999, 12, 31, 23), dt.datetime(1, 1, 1)]),
        ("timestamp", {"defaultTimezone": "Europe/Berlin"}, [dt.datetime(9999, 12, 30), dt.datetime(2, 1, 1)]),
    ],
)
def test_values_of_the_type_are_read_as_they_are(
    logical_type: str, options: dict[str, Any], values: Any, tmp_path: Path
) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": logical_type, "logicalTypeOptions": options})
    result = held(contract, values)
    assert result.passed, messages(result)
    assert not len(result.rejected)


@pytest.mark.parametrize(
    ("logical_type", "values", "words"),
    [
        ("string", [["a", "b"], ["c"]], "expected a string (row 0: ['a', 'b'])"),
        ("string", [{"a": 1}, None], "expected a string (row 0: "),
        ("string", [b"a", b"b"], "is binary, expected a string"),
        ("number", [1j, 2j], "expected a finite number"),
        ("date", [pd.Timestamp("2026-01-01 08:00"), None], "expected a date (row 0: 2026-01-01 08:00:00)"),
        ("date", ["2026-01-01"], "is string, expected a date (row 0: '2026-01-01')"),
        ("time", [pd.Timedelta(1, "h")], "expected a time of day"),
        ("timestamp", [pd.Period("2026-01")], "expected a timestamp"),
        ("integer", [2**200, 2**201], "expected an integer"),
    ],
)
def test_a_column_of_another_type_fails_with_its_first_value(
    logical_type: str, values: list[Any], words: str, tmp_path: Path
) -> None:
    result = held(things(tmp_path, {"name": "x", "logicalType": logical_type}), values)
    assert [one.check for one in result.failures] == ["schema", "column_x"]
    assert words in messages(result)


@pytest.mark.parametrize(
    ("logical_type", "values", "reason"),
    [
        ("date", [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-01 08:00")], "must be a date: 2026-01-01 08:00:00"),
        ("date", [dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, 8)], "must be a date: 2026-01-01 08:00:00"),
        ("string", ["a", ["b"]], "must be a string: ['b']"),
        ("integer", [1, 2**200], "must be an integer: 16069"),
        ("integer", [Decimal("1"), Decimal("1.5")], "must be an integer: 1.5"),
    ],
)
def test_a_value_of_another_type_is_set_aside(
    logical_type: str, values: list[Any], reason: str, tmp_path: Path
) -> None:
    result = held(things(tmp_path, {"name": "x", "logicalType": logical_type}, share=0.9), values)
    assert result.passed, messages(result)
    assert result.rejected["row"].tolist() == [1]
    assert result.rejected["reason"][0].startswith(reason)


def test_a_category_and_decimals_have_physical_types(tmp_path: Path) -> None:
    text = things(tmp_path, {"name": "x", "logicalType": "string", "physicalType": "string"})
    assert held(text, pd.Series(["a", "b"], dtype="category")).passed
    money = things(tmp_path, {"name": "x", "logicalType": "number", "physicalType": "decimal"})
    assert held(money, [Decimal("0.10")]).passed
    assert "expected physicalType decimal" in messages(held(money, [0.1]))


def test_unsigned_numbers_stand_beside_a_query(tmp_path: Path) -> None:
    query = {"type": "sql", "query": "SELECT count(*) FROM ${table} WHERE x > 5", "mustBe": 1}
    contract = things(tmp_path, {"name": "x", "logicalType": "integer"}, table={"quality": [query]})
    for values in (pd.Series([2**64 - 1, 1], dtype="uint64"), [2**64 - 1, 1, None], [7, None], [7, 1]):
        result = held(contract, values)
        assert result.passed, messages(result)


@pytest.fixture(scope="module")
def unique(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return things(tmp_path_factory.mktemp("unique"), {"name": "x", "logicalType": "integer", "unique": True})


@seed(SEED)
@given(ids=st.lists(st.none() | st.integers(2**60, 2**60 + 3), min_size=2, max_size=6), dtype=st.sampled_from(KINDS))
def test_large_keys_are_told_apart_missing_ones_beside_them(
    unique: Contract, ids: list[int | None], dtype: Any
) -> None:
    note(f"seed {SEED}")
    present = [one for one in ids if one is not None]
    repeated = [one for one in present if present.count(one) > 1]
    result = held(unique, pd.Series(ids, dtype=dtype))
    (found,) = (one for one in result.check_results if one.check == "unique_x")
    assert (found.passed, found.n_failed) == (not repeated, len(repeated))


@pytest.mark.parametrize("damage", [None, "distance", "carrier"])
def test_a_scanned_file_has_the_result_of_its_frame(damage: str | None, tmp_path: Path) -> None:
    contract = shipped("flights")
    frame = valid_frame(contract, 200, 1)
    if damage:
        frame.loc[3, damage] = -1 if damage == "distance" else "x"
    frame.to_parquet(tmp_path / "flights.parquet")
    scanned = validate(contract, pl.scan_parquet(tmp_path / "flights.parquet"), file="flights.parquet")
    given = validate(contract, frame, file="flights.parquet")
    assert scanned == given
    pd.testing.assert_frame_equal(scanned.rejected, given.rejected)
    assert scanned.n_quarantined == (1 if damage else 0)


def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    pq.write_table(pa.table({"x": list(range(10_000))}), file)
    contract = things(tmp_path, {"name": "x", "logicalType": "integer"})
    file.write_bytes(file.read_bytes()[:5_000])
    with pytest.raises(DataError, match=r"x\.parquet cannot be read"):
        validate(contract, pl.scan_parquet(file), file="x.parquet")
