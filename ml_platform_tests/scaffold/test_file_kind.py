"""A file whose name says another kind than its first bytes is rejected with what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.errors import DataError
from ml_platform.scaffold.file_kind import validate_kind

WRONG = {
    "a workbook": (b"PK\x03\x04abc", "shop.csv", r"is a spreadsheet.*Rename it: shop.xlsx"),
    "Parquet": (b"PAR1abc", "shop.csv", r"is Parquet. Rename it: shop.parquet"),
    "gzip": (b"\x1f\x8babc", "shop.csv", "compressed by gzip"),
    "SQLite": (b"SQLite format 3\0", "shop.db", "sqlite:///FILE"),
    "DuckDB": (b"12345678DUCK", "shop.db", "duckdb:///FILE"),
    "Parquet in a workbook": (b"PAR1", "shop.xlsx", "is Parquet"),
}
OTHERS = [("a.csv", b"x,y\n"), ("a", b""), ("a.jsonl", b'{"x": 1}'), ("a.csv", b'"x"')]


@pytest.mark.parametrize("case", WRONG)
def test_the_kind_is_said_and_what_to_do(tmp_path: Path, case: str) -> None:
    content, name, words = WRONG[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=words):
        validate_kind(tmp_path / name)


@pytest.mark.parametrize(("name", "content"), OTHERS)
def test_other_files_pass(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    validate_kind(tmp_path / name)
