"""Rows of a query are read without writing; a wrong address, query or column is said, and no password."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from ml_platform.errors import DataError, PlatformError, WrongCall
from ml_platform.scaffold.read_query import without_password
from ml_platform.scaffold.source import ReadOptions, read_source


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE sales (id INTEGER, price REAL, day TEXT, mixed)")
        connection.execute("INSERT INTO sales VALUES (1, 1.5, '2024-01-31', 'a'), (2, NULL, '2024-02-01', 2)")
    connection.close()
    return f"sqlite:///{tmp_path / 'shop.db'}"


def test_sqlite_has_dates_as_text_which_are_read(sqlite: str) -> None:
    source = read_source(sqlite, ReadOptions(query="SELECT id, price, day FROM sales ORDER BY id"))
    days = [date(2024, 1, 31), date(2024, 2, 1)]
    assert source.table.to_pydict() == {"id": [1, 2], "price": [1.5, None], "day": days}
    assert source.file.name == "shop.db"


def test_duckdb_keeps_its_types(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE sales AS SELECT 1 AS id, TIMESTAMP '2024-01-31 12:00' AS at, 1.5 AS price")
    source = read_source(f"duckdb:///{tmp_path / 'shop.duckdb'}", ReadOptions(query="FROM sales"))
    assert source.table.to_pydict() == {"id": [1], "at": [datetime(2024, 1, 31, 12)], "price": [1.5]}


def test_postgresql_is_read_and_not_written(postgres: str) -> None:
    query = "SELECT 1 AS id, DATE '2024-01-31' AS day, 1.5::numeric AS price, true AS paid"
    source = read_source(postgres, ReadOptions(query=query))
    assert source.table.to_pydict() == {"id": [1], "day": [date(2024, 1, 31)], "price": [1.5], "paid": [True]}
    with pytest.raises(DataError, match="read-only transaction"):
        read_source(postgres, ReadOptions(query="CREATE TABLE written (id int)"))


WRONG: dict[str, tuple[str | None, type[PlatformError], str]] = {
    "no query": (None, WrongCall, "say what to read. --query"),
    "no such table": ("SELECT * FROM sale", DataError, "no such table: sale"),
    "a write": ("DELETE FROM sales", DataError, "readonly database"),
    "no rows": ("SELECT id FROM sales WHERE id > 9", DataError, "returns 1 columns and no rows"),
    "a name twice": ("SELECT id, id FROM sales", DataError, "names a column twice: id, id. Rename it with AS"),
    "types": ("SELECT mixed FROM sales", DataError, "column 'mixed' holds values of different types"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_query_is_said(sqlite: str, case: str) -> None:
    query, kind, words = WRONG[case]
    with pytest.raises(kind, match=words):
        read_source(sqlite, ReadOptions(query=query))


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        ("sqlite:///none.db", WrongCall, "there is no file none.db"),
        ("duckdb:///none.db", WrongCall, "there is no file none.db"),
        ("mysql://shop", WrongCall, r"kind 'mysql' cannot be read.*sqlite"),
        ("postgresql://me:secret@127.0.0.1:1/shop", DataError, "refused"),
    ],
)
def test_what_is_wrong_with_an_address_is_said_without_its_password(
    url: str, kind: type[PlatformError], words: str
) -> None:
    with pytest.raises(kind, match=words) as error:
        read_source(url, ReadOptions(query="SELECT 1"))
    assert "secret" not in str(error.value)
    assert without_password("postgresql://me:secret@host/shop") == "postgresql://me:***@host/shop"
    assert without_password("sqlite:////home/me/shop.db") == "sqlite:///shop.db"


def test_a_query_needs_a_database(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(WrongCall, match="--query is for a database"):
        read_source(tmp_path / "a.csv", ReadOptions(query="SELECT 1"))
    with pytest.raises(WrongCall, match="--sheet is for workbooks"):
        read_source(tmp_path / "a.csv", ReadOptions(sheet="a"))
