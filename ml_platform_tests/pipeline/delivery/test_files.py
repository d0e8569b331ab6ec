"""A delivery is a file, a folder or a pattern; in each kind of file, values are as they are written."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from ml_platform.delivery import Delivery
from ml_platform.errors import NotStored
from ml_platform.pipeline.delivery.files import find_files, read_file


def test_files_are_found_in_order_and_others_left_alone(tmp_path: Path) -> None:
    for name in ("b.csv", "a.parquet", "c.jsonl", "notes.md", ".hidden"):
        (tmp_path / name).touch()
    assert [file.name for file in find_files(tmp_path)] == ["a.parquet", "b.csv", "c.jsonl"]
    assert [file.name for file in find_files(tmp_path / "*.csv")] == ["b.csv"]
    assert find_files(tmp_path / "notes.md") == [tmp_path / "notes.md"], "a file that is named is read"
    with pytest.raises(NotStored, match=r"\*\.tsv does not exist"):
        find_files(tmp_path / "*.tsv")


def test_json_lines_keep_types_and_what_is_not_named_is_missing(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"a": 1, "b": " x "}\n\n{"a": 1.5, "c": true}\n', encoding="utf-8")
    found = read_file(tmp_path / "x.jsonl", Delivery())
    assert found.columns["b"] == ["x", ""]
    assert found.lines == [1, 3]
    for name, values in (("a", [1.0, 1.5]), ("c", [None, True])):
        column = found.columns[name]
        assert isinstance(column, pa.ChunkedArray)
        assert column.to_pylist() == values


def test_an_index_that_pandas_wrote_is_no_column(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2, 3]})[lambda rows: rows["a"] > 1].to_parquet(tmp_path / "x.parquet")
    assert list(read_file(tmp_path / "x.parquet", Delivery()).columns) == ["a"]


def test_csv_is_read_as_the_yaml_says(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("a|b\n1|é\n".encode("cp1252"))
    found = read_file(tmp_path / "x.csv", Delivery(encoding="cp1252", delimiter="|"))
    assert found.columns == {"a": ["1"], "b": ["é"]}
