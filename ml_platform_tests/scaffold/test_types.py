"""Cells become the narrowest type that holds all of them; what programs write for missing is told from a category."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ml_platform.scaffold.types import missing_markers, read_cells

TEN = datetime(2024, 1, 1, 10)
TEN_UTC = TEN.replace(tzinfo=UTC)
CASES: dict[str, tuple[list[str], str, list[Any]]] = {
    "whole numbers": (["1", "-2", "+3"], "integer", [1, -2, 3]),
    "whole numbers as floats": (["1.0", "2", "3.00"], "integer", [1, 2, 3]),
    "numbers": (["1.5", "2", "-3e2", ".5"], "number", [1.5, 2.0, -300.0, 0.5]),
    "codes with zeros": (["007", "012", "123"], "string", ["007", "012", "123"]),
    "beyond floats": (["9007199254740993", "1"], "string", ["9007199254740993", "1"]),
    "truth values": (["True", "false", "TRUE"], "boolean", [True, False, True]),
    "words that YAML would take for truth values": (["yes", "no", "on"], "string", ["yes", "no", "on"]),
    "dates": (["2024-02-29", "2023-12-31"], "date", [date(2024, 2, 29), date(2023, 12, 31)]),
    "no date": (["2023-02-29", "2023-12-31"], "string", ["2023-02-29", "2023-12-31"]),
    "times": (["2024-01-01 10:00", "2024-01-01T11:30:05"], "timestamp", [TEN, datetime(2024, 1, 1, 11, 30, 5)]),
    "times with a zone": (["2024-01-01T12:00:00+02:00", "2024-01-01T10:00Z"], "timestamp", [TEN_UTC] * 2),
    "zone or not": (["2024-01-01 10:00Z", "2024-01-01 10:00"], "string", ["2024-01-01 10:00Z", "2024-01-01 10:00"]),
    "day first, as one value shows": (["13/02/2024", "01/02/2024"], "date", [date(2024, 2, 13), date(2024, 2, 1)]),
    "day or month first": (["03/02/2024", "01/02/2024"], "string", ["03/02/2024", "01/02/2024"]),
    "not finite": (["1", "inf"], "string", ["1", "inf"]),
    "digits of other scripts": (["٣", "1"], "string", ["٣", "1"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_cells_become_the_narrowest_type_and_empty_ones_are_missing(case: str) -> None:
    cells, kind, values = CASES[case]
    typed = read_cells([*cells, ""], frozenset({""}), comma=False)
    assert (typed.kind, typed.values.to_pylist()) == (kind, [*values, None])


def test_a_decimal_comma_is_read_where_the_comma_does_not_part_cells() -> None:
    assert read_cells(["1,5", "2"], frozenset({""}), comma=True).values.to_pylist() == [1.5, 2.0]
    typed = read_cells(["1,500", "2"], frozenset({""}), comma=False)
    assert typed.kind == "string"
    assert "--decimal-comma" in " ".join(typed.notes)


def test_na_is_missing_among_numbers_and_then_in_the_whole_file_but_else_a_category() -> None:
    amounts, countries = ["1", "NA", "3"], ["DE", "NA", "FR"]
    assert "NA" in missing_markers([amounts, countries], [], comma=False)
    alone = missing_markers([countries], [], comma=False)
    typed = read_cells(countries, alone, comma=False)
    assert typed.values.to_pylist() == countries
    assert "--missing NA" in " ".join(typed.notes)
    stated = missing_markers([countries], ["NA"], comma=False)
    assert read_cells(countries, stated, comma=False).values.to_pylist() == ["DE", None, "FR"]


def test_numbers_but_for_a_word_are_text_and_the_word_is_named() -> None:
    typed = read_cells([*map(str, range(20)), "?"], frozenset({""}), comma=False)
    assert typed.kind == "string"
    assert "--missing '?'" in " ".join(typed.notes)
