"""Objects become rows; the line of what is none, or of another type, is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ml_platform.errors import DataError
from ml_platform.scaffold.source import ReadOptions, Source, read_source


def read(folder: Path, text: str, name: str = "shop.jsonl") -> Source:
    (folder / name).write_text(text, encoding="utf-8")
    return read_source(folder / name, ReadOptions())


def test_objects_become_rows_of_typed_columns(tmp_path: Path) -> None:
    source = read(
        tmp_path,
        '{"n": 1, "x": 1, "on": true, "at": "2024-01-31", "zip": "007", "tags": ["a"]}\n\n'
        '{"n": 2, "x": 2.5, "on": null, "at": "2024-02-01", "zip": "010"}\n',
    )
    assert source.table.to_pydict() == {
        "n": [1, 2],
        "x": [1.0, 2.5],
        "on": [True, None],
        "at": [date(2024, 1, 31), date(2024, 2, 1)],
        "zip": ["007", "010"],
    }
    assert "list" in source.dropped["tags"]


WRONG = {
    "no JSON": ('{"n": 1}\n{"n": }\n', "line 2: is not JSON"),
    "no object": ("[1, 2]\n", "line 1: is JSON, but not an object"),
    "mixed": ('{"n": 1}\n{"n": "a"}\n', "'n' holds values of different types: int in line 1 and str in line 2"),
    "large": ('{"n": 99999999999999999999}\n', "64 bits cannot hold"),
    "empty": ("\n", "holds no JSON object"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_row_is_said_with_its_line(tmp_path: Path, case: str) -> None:
    text, words = WRONG[case]
    with pytest.raises(DataError, match=words):
        read(tmp_path, text)


@pytest.mark.parametrize(("name", "text"), [("shop.json", '[{"n": 1}]'), ("shop.csv", '[{"n": 1}]')])
def test_a_json_document_is_to_be_written_as_lines(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(DataError, match=r"is JSON, .*shop.jsonl"):
        read(tmp_path, text, name)
