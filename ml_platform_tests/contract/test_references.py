"""Both sides of a reference are read alike, so that the same value is found however it is stored."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.contract import CheckResult
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.rejected import (
    Change,
    assert_rejected,
    column,
    share,
    table,
)
from ml_platform_tests.contract.small import things

WRITTEN = {"format": "dd.MM.yyyy"}
DAY = dt.date(2026, 1, 2)


def column_of(values: Any) -> pd.Series:
    """Return a column of objects, since pandas makes floats of whole numbers beside None."""
    return values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)


def referred(folder: Path, own: list[Any], other: list[Any], logical_type: str, **stated: Any) -> CheckResult:
    column = {"name": "x", "logicalType": logical_type, "relationships": [{"to": "others.y"}], **stated}
    contract = things(folder, column, share=0.9)
    references = {"others": pd.DataFrame({"y": column_of(other)})}
    result = validate(contract, pd.DataFrame({"x": column_of(own)}), file="x.parquet", references=references)
    return result.check_results[-1]


@pytest.mark.parametrize(
    ("own", "other", "logical_type", "stated"),
    [
        (["02.01.2026"], ["02.01.2026"], "date", {"physicalType": "string", "logicalTypeOptions": WRITTEN}),
        (["02.01.2026"], [DAY], "date", {"physicalType": "string", "logicalTypeOptions": WRITTEN}),
        ([DAY], [pd.Timestamp(DAY)], "date", {}),
        ([1, None], [1, 2], "integer", {}),
        ([2**60 + 1, None], [2**60 + 1, 2**60], "integer", {}),
        ([Decimal("1.50")], [1.5], "number", {}),
        (
            pd.Series([pd.Timestamp(DAY, tz="UTC")], dtype="datetime64[ms, UTC]"),
            pd.Series([pd.Timestamp(DAY, tz="UTC")], dtype="datetime64[ns, UTC]"), "timestamp", {},
        ),
        (pd.Series(["a"], dtype="category"), ["a", "b"], "string", {}),
    ],
)  # fmt: skip
def test_the_same_value_is_found_however_it_is_stored(
    own: list[Any], other: list[Any], logical_type: str, stated: dict[str, Any], tmp_path: Path
) -> None:
    found = referred(tmp_path, own, other, logical_type, **stated)
    assert found.passed, found.message


def test_neighbours_of_a_large_number_are_not_found(tmp_path: Path) -> None:
    found = referred(tmp_path, [2**60 + 1, None], [2**60], "integer")
    assert (found.passed, found.n_failed) == (False, 1)
    assert "row 0: 1152921504606846977" in found.message


def test_values_of_other_types_cannot_be_compared_and_do_not_pass(tmp_path: Path) -> None:
    found = referred(tmp_path, [DAY], ["2026-01-02"], "date")
    assert not found.passed
    assert "values of x cannot be compared with y of others: they are of other types" in found.message


def test_a_table_may_refer_to_itself(tmp_path: Path) -> None:
    columns = [{"name": "x", "logicalType": "integer", "relationships": [{"to": "things.y"}]}]
    contract = things(tmp_path, *columns, {"name": "y", "logicalType": "integer"})
    frame = pd.DataFrame({"x": [1, 2, None], "y": [2, 1, 9]})
    assert validate(contract, frame, file="x").check_results[-1].passed
    assert not validate(contract, frame.assign(y=[2, 3, 9]), file="x").check_results[-1].passed
    assert not validate(contract, frame.drop(columns="y"), file="x").passed


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a reference without a column": (
        column("code", relationships=[{"to": "codes"}]),
        ["column 'code'", "table.column"],
    ),
    "a reference of an unknown column": (
        table(relationships=[{"from": "orders.cod", "to": "codes.code"}]),
        ["table 'orders', relationship", "no column 'cod'", "Did you mean 'code'?"],
    ),
    "a reference to fewer columns": (
        table(relationships=[{"from": ["orders.code", "orders.note"], "to": ["codes.code"]}]),
        ["2 columns and 1 targets"],
    ),
    "a share of a reference": (
        column("code", relationships=[{"to": "codes.code", "customProperties": [share("minMatchedShare", 80)]}]),
        ["column 'code', relationship: minMatchedShare", "at most 1"],
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
