"""Types of text cells: numbers, booleans, times or text; and which words stand for a missing value."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ml_platform.scaffold.times import Kind, Meaning, read_times

MISSING_WORDS = frozenset({"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A"})
"""What programs write for a missing value; each may be a category as well."""
INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)(\.0*)?", re.ASCII)
NUMBER = re.compile(r"[+-]?((0|[1-9]\d*)(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
COMMA_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(,\d+)?", re.ASCII)
BOOLEANS = {"true": True, "false": False}
ARROW_TYPES: Mapping[Kind, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
"""Timestamps are missing: their values tell whether they have a zone."""
EXACT = 2**53
"""Above it, floats skip integers."""
FEW_ODD, MANY_NUMBERS = 3, 10


@dataclass(frozen=True)
class Typed:
    """A column of one type, and what a person should know of how it was read."""

    kind: Kind
    values: pa.Array
    notes: tuple[str, ...] = ()
    time_format: str | None = None
    """The strptime format of times that are not ISO 8601."""


def missing_markers(columns: Iterable[Sequence[str]], stated: Iterable[str], *, comma: bool) -> frozenset[str]:
    """Return the words that stand for a missing value in a file: those stated, and those beside numbers or times.

    A word such as ``NA`` in a column of text alone may be a category (Namibia, "not applicable"); where the same file
    has it among numbers, it is the file's word for missing.
    """
    markers = {"", *stated}
    for cells in columns:
        markers |= _words_beside_values(set(cells) - markers, comma=comma)
    return frozenset(markers)


def read_cells(cells: Sequence[str], markers: frozenset[str], *, comma: bool, time_format: str | None = None) -> Typed:
    """Return a column's cells in the narrowest type that holds all of them; the marked ones are missing.

    With `comma`, ``1,5`` may be a number.
    """
    distinct = set(cells) - markers
    if not distinct:
        return Typed("string", pa.array([None] * len(cells), pa.string()))
    meaning = meaning_of(distinct, comma=comma) if time_format is None else _times(distinct, time_format)
    meaning = meaning or _text(distinct)
    values = pa.array(
        [None if cell in markers else meaning.values[cell] for cell in cells], ARROW_TYPES.get(meaning.kind)
    )
    notes = (*meaning.notes, *_say_missing(set(cells), markers, meaning.kind))
    return Typed(meaning.kind, values, notes, meaning.time_format)


def meaning_of(distinct: set[str], *, comma: bool) -> Meaning:
    """Return what these cells mean, all of one kind; text when nothing else fits."""
    readers: tuple[Callable[[set[str]], Meaning | None], ...] = (_booleans, _integers, _numbers)
    for read in (*readers, *([_comma_numbers] if comma else []), _times):
        if (meaning := read(distinct)) is not None:
            return meaning
    return _text(distinct)


def _words_beside_values(distinct: set[str], *, comma: bool) -> set[str]:
    """Return the words for missing in a column whose other cells are numbers, truth values or times."""
    words = distinct & MISSING_WORDS
    rest = distinct - words
    return words if words and rest and meaning_of(rest, comma=comma).kind != "string" else set()


def _booleans(distinct: set[str]) -> Meaning | None:
    if not all(cell.lower() in BOOLEANS for cell in distinct):
        return None
    return Meaning("boolean", {cell: BOOLEANS[cell.lower()] for cell in distinct})


def _integers(distinct: set[str]) -> Meaning | None:
    if not all(INTEGER.fullmatch(cell) for cell in distinct):
        return None
    integers = {cell: int(cell.partition(".")[0]) for cell in distinct}
    if max(abs(value) for value in integers.values()) > EXACT:
        return _text(distinct, f"whole numbers above {EXACT:,}, which floats cannot tell apart: read as text")
    notes = ("whole numbers written with a point",) if any("." in cell for cell in distinct) else ()
    return Meaning("integer", integers, notes)


def _numbers(distinct: set[str]) -> Meaning | None:
    if not all(NUMBER.fullmatch(cell) for cell in distinct):
        return None
    numbers = {cell: float(cell) for cell in distinct}
    if max(abs(value) for value in numbers.values()) == float("inf"):
        return _text(distinct, "numbers too large for 64 bits: read as text")
    return Meaning("number", numbers)


def _comma_numbers(distinct: set[str]) -> Meaning | None:
    if not all(COMMA_NUMBER.fullmatch(cell) for cell in distinct):
        return None
    return Meaning("number", {cell: float(cell.replace(",", ".")) for cell in distinct}, ("decimal comma",))


def _times(distinct: set[str], time_format: str | None = None) -> Meaning | None:
    times = read_times(sorted(distinct), time_format)
    if times.kind == "string":
        return _text(distinct, *times.notes) if times.notes else None
    return times


def _text(distinct: set[str], *notes: str) -> Meaning:
    return Meaning("string", {cell: cell for cell in distinct}, notes or tuple(_why_text(distinct)))


def _why_text(distinct: set[str]) -> Iterator[str]:
    """Say why a column that looks like numbers is text."""
    if all(re.fullmatch(r"[+-]?\d+", cell) for cell in distinct):
        yield "digits with leading zeros, such as a code: read as text"
    elif all(re.fullmatch(r"[+-]?\d[\d.,]*", cell) for cell in distinct):
        yield "numbers with a comma, which may part thousands or decimals: read as text. If decimals: --decimal-comma"
    else:
        odd = sorted(cell for cell in distinct if not NUMBER.fullmatch(cell))
        if len(odd) <= FEW_ODD and len(distinct) - len(odd) >= MANY_NUMBERS:
            shown = ", ".join(map(repr, odd))
            yield f"numbers but for {shown}: read as text. If that means missing: --missing {shlex.quote(odd[0])}"


def _say_missing(cells: set[str], markers: frozenset[str], kind: Kind) -> Iterator[str]:
    if words := sorted((cells & markers) - {""}):
        yield f"missing is written {', '.join(words)}"
    if kind == "string" and (words := sorted((cells - markers) & MISSING_WORDS)):
        yield f"{', '.join(words)} is taken for a value; if it means missing: --missing {words[0]}"
