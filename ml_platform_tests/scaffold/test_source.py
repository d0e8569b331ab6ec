"""A file becomes a typed table whose columns have names that the platform can use, and may be called as in the file."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml_platform.delivery import Delivery
from ml_platform.errors import DataError, SpecError, WrongCall
from ml_platform.scaffold.source import ReadOptions, Source, read_source


def csv(folder: Path, text: str, **options: object) -> Source:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return read_source(folder / "table.csv", ReadOptions(**options))


def parquet(folder: Path, table: pa.Table) -> Source:
    pq.write_table(table, folder / "table.parquet", write_page_checksum=True)
    return read_source(folder / "table.parquet", ReadOptions())


def test_a_column_may_be_called_as_in_the_file_or_as_in_the_table(tmp_path: Path) -> None:
    source = csv(tmp_path, "a.b,c,none\n1,x,\n2,y,\n")
    assert source.table.column_names == ["a_b", "c"]
    assert (source.column("a.b"), source.column("a_b"), source.column("c")) == ("a_b", "a_b", "c")
    assert source.notes["a_b"] == ("called 'a.b' in the file",)
    with pytest.raises(SpecError, match="column 'none' cannot be used: no row has a value"):
        source.column("none")
    with pytest.raises(WrongCall, match=r"has no column 'a.c'.*Did you mean"):
        source.column("a.c")


def test_a_stated_format_of_times_names_the_first_line_that_has_another(tmp_path: Path) -> None:
    text = "at,x\n31.12.2023,1\n2024-01-01,2\n"
    with pytest.raises(DataError, match=r"line 3, column 'at': '2024-01-01' is not '%d.%m.%Y'"):
        csv(tmp_path, text, time="at", time_format="%d.%m.%Y")


def test_semicolons_allow_decimal_commas_and_stated_words_are_missing(tmp_path: Path) -> None:
    table = csv(tmp_path, "x;y\n1,5;1\n-;2\n", missing=("-",)).table
    assert table.to_pydict() == {"x": [1.5, None], "y": [1, 2]}


def test_nan_is_missing_and_what_no_contract_knows_is_dropped(tmp_path: Path) -> None:
    source = parquet(tmp_path, pa.table({"x": [1.0, float("nan")], "l": [[1], [2]], "e": pa.nulls(2, pa.int64())}))
    assert source.table.to_pydict() == {"x": [1.0, None]}
    assert set(source.dropped) == {"l", "e"}


def test_a_table_without_columns_that_can_be_used_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column holds any value"):
        parquet(tmp_path, pa.table({"x": [[1]]}))


def test_how_it_was_read_is_how_the_next_file_is_read(tmp_path: Path) -> None:
    text = '{"day": "31.12.2023", "n": "1"}\n{"day": "01.01.2024", "n": "?"}\n'
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    source = read_source(tmp_path / "a.jsonl", ReadOptions(missing=("?",)))
    assert source.table.to_pydict() == {"day": [date(2023, 12, 31), date(2024, 1, 1)], "n": ["1", None]}
    assert source.delivery == Delivery(missing=("?",), formats={"day": "%d.%m.%Y"})
