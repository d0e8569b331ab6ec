"""What is wrong with a CSV file is said with the line that it is in; what can be found out is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.errors import DataError
from ml_platform.scaffold.read_csv import read_csv

WRONG: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b" \n", ["is empty"]),
    "header alone": (b"a,b\n", ["header of 2 columns and no rows"]),
    "short row": (b"a,b,c\n1,2,3\n4,5\n6,7,8\n", ["1 of 3 rows", "3 cells", "line 3 has 2", "comma"]),
    "long row after a cell of two lines": (b'a,b\n"x\ny",2\n1,2,3\n', ["line 4 has 3"]),
    "many wrong rows": (b"a,b\n" + b"1\n" * 9 + b"1,2\n" * 20, ["9 of 29 rows", "line 6 has 1", "and 4 more"]),
    "name twice": (b"a,b,a\n1,2,3\n", ["line 1", "'a' in columns 1, 3"]),
    "no header": (b"1.5,2\n3,4\n", ["line 1", "the first line must name the columns"]),
    "quote never closed": (b'a,b\n1,2\n"x,3\n4,5\n', ["line 3", "never closed"]),
    "text after a quote": (b'a,b\n1,2\n"x"y,3\n', ["line 3", "written twice"]),
    "not UTF-8": ("a,b\nx,1\nK\xf6ln,2\n".encode("cp1252"), ["line 3", "0xf6", "Köln", "--encoding cp1252"]),
    "NUL": (b"a,b\n1,2\n\0,3\n", ["line 3", "NUL"]),
    "one column": (b"a\n1\n2\n", ["one column only", "--delimiter"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, case: str) -> None:
    content, words = WRONG[case]
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_csv(file)
    for word in [*words, str(file)]:
        assert word in str(error.value)


RIGHT: dict[str, bytes] = {
    "plain": b"name,amount\nKoeln,1\nBonn,2\n",
    "byte order mark": b"\xef\xbb\xbfname,amount\nKoeln,1\nBonn,2\n",
    "UTF-16": "name,amount\nKoeln,1\nBonn,2\n".encode("utf-16"),
    "semicolons": b"name;amount\nKoeln;1\nBonn;2\n",
    "tabs and Windows lines": b"name\tamount\r\nKoeln\t1\r\nBonn\t2\r\n",
    "quotes, spaces, blank lines": b'name , amount\n"Koeln", 1\n\nBonn ,2\n\n',
}


@pytest.mark.parametrize("case", RIGHT)
def test_encoding_delimiter_and_blank_lines_are_found_out(tmp_path: Path, case: str) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(RIGHT[case])
    table = read_csv(file)
    assert table.header == ("name", "amount")
    assert table.columns == (["Koeln", "Bonn"], ["1", "2"])


def test_the_decimal_comma_of_a_semicolon_file_does_not_part_cells(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(b"a;b\n1,5;2,5\n3,5;4\n")
    assert read_csv(file).columns == (["1,5", "3,5"], ["2,5", "4"])
