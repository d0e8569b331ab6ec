"""Parquet is read with its types; what is none, or holds nothing, is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml_platform.errors import DataError
from ml_platform.scaffold.read_parquet import read_parquet


def test_an_index_that_pandas_wrote_is_no_column(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2, 3]})[lambda rows: rows["a"] > 1].to_parquet(tmp_path / "x.parquet")
    assert read_parquet(tmp_path / "x.parquet").to_pydict() == {"a": [2, 3]}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"x": pa.array([], pa.int64())}), "has 1 columns and no rows"),
        (pa.table([[1], [2]], names=["x", "x"]), "a column's name is there more than once: x"),
    ],
)
def test_a_table_without_rows_or_with_a_name_twice_is_rejected(tmp_path: Path, table: pa.Table, words: str) -> None:
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(DataError, match=words):
        read_parquet(tmp_path / "x.parquet")


def test_what_is_no_parquet_is_said_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"x\.parquet \(4 bytes\) cannot be read as Parquet"):
        read_parquet(tmp_path / "x.parquet")
