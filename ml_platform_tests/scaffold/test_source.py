"""A file becomes a typed table whose columns have names that the platform can use, and may be called as in the file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError, SpecError, WrongCall
from ml_platform.scaffold.source import ReadOptions, Source, read_source, usable_names

NAMES = st.text(min_size=1, max_size=6) | st.sampled_from(["a.b", "a_b", "a b", "reasons", "reasons_2", ".", "\n"])


def csv(folder: Path, text: str, **options: object) -> Source:
    (folder / "table.csv").write_text(text, encoding="utf-8")
    return read_source(folder / "table.csv", ReadOptions(**options))


def parquet(folder: Path, table: pa.Table) -> Source:
    pq.write_table(table, folder / "table.parquet", write_page_checksum=True)
    return read_source(folder / "table.parquet", ReadOptions())


@given(st.lists(NAMES, max_size=8, unique=True))
def test_names_are_printable_have_no_point_and_are_told_apart_by_their_checks(names: list[str]) -> None:
    found = usable_names(names)
    assert list(found) == names
    usable = list(found.values())
    assert all(name.isprintable() and name and "." not in name and name != "reasons" for name in usable)
    checks = ["".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in name) for name in usable]
    assert len(set(checks)) == len(checks)


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


KEPT: dict[str, tuple[pa.Array, pa.DataType]] = {
    "dictionary": (pa.array(["a", "b"]).dictionary_encode(), pa.string()),
    "large text": (pa.array(["a", "b"], pa.large_string()), pa.string()),
    "decimal": (pa.array([1, 2], pa.decimal128(9, 2)), pa.float64()),
    "nanoseconds": (pa.array([1, 2], pa.timestamp("ns", "Asia/Tokyo")), pa.timestamp("us", "UTC")),
    "local times": (pa.array([1, 2], pa.timestamp("ms")), pa.timestamp("us")),
    "date64": (pa.array([0, 86_400_000], pa.date64()), pa.date32()),
    "unsigned": (pa.array([1, 2], pa.uint32()), pa.uint32()),
}


@pytest.mark.parametrize("case", KEPT)
def test_parquet_types_become_those_of_contracts(tmp_path: Path, case: str) -> None:
    values, kind = KEPT[case]
    assert parquet(tmp_path, pa.table({"x": values})).table["x"].type == kind


def test_nan_is_missing_and_what_no_contract_knows_is_dropped(tmp_path: Path) -> None:
    source = parquet(tmp_path, pa.table({"x": [1.0, float("nan")], "l": [[1], [2]], "e": pa.nulls(2, pa.int64())}))
    assert source.table.to_pydict() == {"x": [1.0, None]}
    assert set(source.dropped) == {"l", "e"}


def test_files_without_rows_columns_or_existence_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="does not exist"):
        read_source(tmp_path / "none.csv", ReadOptions())
    with pytest.raises(DataError, match="has 1 columns and no rows"):
        parquet(tmp_path, pa.table({"x": pa.array([], pa.int64())}))
    with pytest.raises(DataError, match="no column holds any value"):
        parquet(tmp_path, pa.table({"x": [[1]]}))
    with pytest.raises(DataError, match="a column's name is there more than once: x"):
        parquet(tmp_path, pa.table([[1], [2]], names=["x", "x"]))
