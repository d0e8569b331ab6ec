"""Each kind of source has its reader, and its options: one of another kind is a wrong call."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from ml_platform.errors import WrongCall
from ml_platform.scaffold.read_csv import TextTable
from ml_platform.scaffold.read_rows import read_rows
from ml_platform_tests.scaffold.workbook import write_workbook


def test_the_name_says_the_kind_and_only_csv_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"x": 1, "y": 2}\n', encoding="utf-8")
    write_workbook(tmp_path / "a.xlsx", one=[["x", "y"], [1, 2]])
    name, text = read_rows(tmp_path / "a.csv")
    assert name == tmp_path / "a.csv"
    assert isinstance(text, TextTable)
    for other in ("a.jsonl", "a.xlsx"):
        _, rows = read_rows(tmp_path / other)
        assert isinstance(rows, pa.Table)
        assert rows.to_pydict() == {"x": [1], "y": [2]}


def test_an_option_of_another_kind_and_no_file_are_wrong_calls(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(WrongCall, match="--query is for a database"):
        read_rows(tmp_path / "a.csv", query="SELECT 1")
    with pytest.raises(WrongCall, match="--sheet is for workbooks"):
        read_rows(tmp_path / "a.csv", sheet="a")
    with pytest.raises(WrongCall, match="does not exist"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(WrongCall, match="is not a file"):
        read_rows(tmp_path)
