"""A delivery is a file, a folder, a pattern or a query; each is read as the YAML says."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from ml_platform.delivery import Delivery
from ml_platform.errors import NotStored, WrongCall
from ml_platform.pipeline.delivery.files import find_files, read_files
from ml_platform.scaffold.read_csv import TextTable
from ml_platform_tests.scaffold.workbook import write_workbook


def test_files_are_found_in_order_and_others_left_alone(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", "c.jsonl", "d.xlsx", "notes.md", ".hidden.csv", "~$d.xlsx"):
        (tmp_path / name).touch()
    assert [file.name for file in find_files(tmp_path)] == ["a.parquet", "b.csv", "c.jsonl", "d.xlsx"]
    assert [file.name for file in find_files(tmp_path / "*.csv")] == ["b.csv"]
    assert find_files(tmp_path / "notes.md") == [tmp_path / "notes.md"], "a file that is named is read"
    with pytest.raises(NotStored, match=r"\*\.tsv does not exist"):
        find_files(tmp_path / "*.tsv")


def test_csv_and_workbooks_are_read_as_the_yaml_says(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("a|b\n1|é\n".encode("cp1252"))
    write_workbook(tmp_path / "x.xlsx", notes=[["x"], ["y"]], sales=[["a", "b"], [1, "é"]])
    text, book = read_files(tmp_path, Delivery(encoding="cp1252", delimiter="|", sheet="sales")).values()
    assert isinstance(text, TextTable)
    assert text.columns == (["1"], ["é"])
    assert not isinstance(book, TextTable)
    assert book.to_pydict() == {"a": [1], "b": ["é"]}


def test_a_sheet_that_is_stated_goes_before_that_of_the_first_file(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "x.xlsx", june=[["a"], [6]], july=[["a"], [7]])
    (table,) = read_files(file, Delivery(sheet="june"), sheet="july").values()
    assert not isinstance(table, TextTable)
    assert table.to_pydict() == {"a": [7]}


def test_a_database_needs_a_query_and_a_file_none(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE sales AS SELECT 1 AS a")
    connection.close()
    (table,) = read_files(f"sqlite:///{tmp_path}/shop.db", Delivery(), query="SELECT a FROM sales").values()
    assert not isinstance(table, TextTable)
    assert table.to_pydict() == {"a": [1]}
    with pytest.raises(WrongCall, match="say what to read"):
        read_files(f"sqlite:///{tmp_path}/shop.db", Delivery())
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(WrongCall, match="--query is for a database"):
        read_files(tmp_path / "x.csv", Delivery(), query="SELECT 1")
