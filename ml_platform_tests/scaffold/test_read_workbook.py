"""A sheet becomes a typed table; what is no workbook, or no single sheet, is said in one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ml_platform.errors import DataError, WrongCall
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform_tests.scaffold.workbook import write_workbook

ROWS = [["day", "n", "x", "code"], [date(2024, 1, 31), 1, 1.5, "007"], [date(2024, 2, 1), 2, None, "a"]]


def test_a_sheet_keeps_whole_numbers_dates_and_codes(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "shop.xlsx", Sales=ROWS)
    table = read_source(file, ReadOptions()).table
    assert table.to_pydict() == {
        "day": [date(2024, 1, 31), date(2024, 2, 1)],
        "n": [1, 2],
        "x": [1.5, None],
        "code": ["007", "a"],
    }


def test_of_several_sheets_one_has_to_be_named(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "shop.xlsx", Sales=ROWS, Notes=[["a"], ["b"]])
    with pytest.raises(WrongCall, match=r"2 sheets: Sales, Notes. Say which one: --sheet 'Sales'"):
        read_source(file, ReadOptions())
    assert read_source(file, ReadOptions(sheet="Sales")).table.num_rows == 2
    with pytest.raises(WrongCall, match=r"no sheet 'Sale'.*Did you mean 'Sales'"):
        read_source(file, ReadOptions(sheet="Sale"))


def test_what_is_no_workbook_is_said(tmp_path: Path) -> None:
    (tmp_path / "shop.xlsx").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(DataError, match=r"shop.xlsx \(8 bytes\) is not a workbook"):
        read_source(tmp_path / "shop.xlsx", ReadOptions())
    with pytest.raises(DataError, match="has no rows below"):
        read_source(write_workbook(tmp_path / "empty.xlsx", Sales=ROWS[:1]), ReadOptions())
