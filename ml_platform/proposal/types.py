"""What the cells of a column are: numbers, truth values, times, or text; and the words that stand for a missing value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ml_platform.proposal.times import read_times

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["integer", "number", "boolean", "timestamp", "date", "string"]

MISSING_WORDS = frozenset({"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A"})
"""What programs write for a missing value, and what may as well be a category."""
INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)(\.0*)?")
NUMBER = re.compile(r"[+-]?((0|[1-9]\d*)\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
COMMA_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(,\d+)?")
NOT_FINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
BOOLEANS = {"true": True, "false": False}
EXACT = 2**53
"""Above it a float, which pandas makes of integers with missing values, is not every integer."""
MANY_NUMBERS = 0.9


@dataclass(frozen=True)
class Typed:
    """A column of one type.

    Attributes
    ----------
    notes
        What a person should know of how it was read.
    """

    kind: Kind
    values: pa.Array
    notes: tuple[str, ...] = ()


def missing_markers(columns: Iterable[Sequence[str]], stated: Iterable[str], *, comma: bool) -> frozenset[str]:
    """Return the words that stand for a missing value in a file: those stated, and those beside numbers or times.

    A word such as ``NA`` in a column of text alone may be a category (Namibia, "not applicable"); where the same file
    has it among numbers, it is the file's word for missing.
    """
    markers = {"", *stated}
    for cells in columns:
        distinct = set(cells) - markers
        if (words := distinct & MISSING_WORDS) and (rest := distinct - words) and kind_of(rest, comma=comma) != "string":
            markers |= words
    return frozenset(markers)


def kind_of(distinct: set[str], *, comma: bool) -> Kind | Literal["comma number"]:
    """Return what all of these cells are."""
    if all(cell.lower() in BOOLEANS for cell in distinct):
        return "boolean"
    if all(INTEGER.fullmatch(cell) for cell in distinct):
        return "integer"
    if all(NUMBER.fullmatch(cell) for cell in distinct):
        return "number"
    if comma and all(COMMA_NUMBER.fullmatch(cell) for cell in distinct):
        return "comma number"
    times = read_times(sorted(distinct))
    return times.kind if times.kind != "string" else "string"


def read_cells(cells: Sequence[str], markers: frozenset[str], *, comma: bool, time_format: str | None = None) -> Typed:
    """Return a column's cells in the narrowest type that holds all of them; the marked ones are missing.

    Parameters
    ----------
    comma
        Whether ``1,5`` may be a number.
    time_format
        How to read times, where it is known.
    """
    import pyarrow as pa

    distinct = set(cells) - markers
    if not distinct:
        return Typed("string", pa.array([None] * len(cells), pa.string()))
    if time_format is None and (words := distinct & MISSING_WORDS) and (rest := distinct - words):
        if kind_of(rest, comma=comma) != "string":
            markers, distinct = markers | words, rest
    table, kind, notes = _meanings(distinct, comma=comma, time_format=time_format)
    values = pa.array([None if cell in markers else table[cell] for cell in cells], ARROW[kind](pa))
    if words := sorted((set(cells) & markers) - {""}):
        notes = (*notes, f"missing is written {', '.join(words)}")
    elif kind == "string" and (words := sorted(distinct & MISSING_WORDS)):
        notes = (*notes, f"{', '.join(words)} is taken for a value; if it means missing: --missing {words[0]}")
    return Typed(kind, values, notes)


def _meanings(
    distinct: set[str], *, comma: bool, time_format: str | None
) -> tuple[Mapping[str, Any], Kind, tuple[str, ...]]:
    """Return what each distinct cell means, their kind, and what to say of it."""
    if time_format is not None:
        times = read_times(sorted(distinct), time_format)
        return times.values, times.kind, times.notes
    kind = kind_of(distinct, comma=comma)
    if kind == "boolean":
        return {cell: BOOLEANS[cell.lower()] for cell in distinct}, kind, ()
    if kind == "integer":
        return _integers(distinct)
    if kind == "number":
        numbers = {cell: float(cell) for cell in distinct}
        if all(abs(value) < float("inf") for value in numbers.values()):
            return numbers, kind, ()
        return _text(distinct), "string", ("numbers too large for 64 bits: read as text",)
    if kind == "comma number":
        return {cell: float(cell.replace(",", ".")) for cell in distinct}, "number", ("decimal comma",)
    times = read_times(sorted(distinct))
    if times.kind != "string":
        return times.values, times.kind, times.notes
    return _text(distinct), "string", (*times.notes, *_why_text(distinct))


def _integers(distinct: set[str]) -> tuple[Mapping[str, Any], Kind, tuple[str, ...]]:
    integers = {cell: int(cell.partition(".")[0]) for cell in distinct}
    if max(abs(value) for value in integers.values()) <= EXACT:
        notes = ("whole numbers written with a point",) if any("." in cell for cell in distinct) else ()
        return integers, "integer", notes
    return _text(distinct), "string", (f"whole numbers above {EXACT:,}, which floats cannot tell apart: read as text",)


def _text(distinct: set[str]) -> dict[str, str]:
    return {cell: cell for cell in distinct}


def _why_text(distinct: set[str]) -> Iterable[str]:
    """Say why a column that looks like numbers is text."""
    if all(re.fullmatch(r"[+-]?\d+", cell) for cell in distinct):
        yield "digits with leading zeros, such as a code: read as text"
        return
    if all(re.fullmatch(r"[+-]?[\d.,]+", cell) for cell in distinct):
        yield "numbers with a comma: as text, since it may part thousands or decimals. If decimals: --decimal-comma"
        return
    odd = sorted(cell for cell in distinct if not NUMBER.fullmatch(cell))
    if len(odd) <= 3 and len(distinct) - len(odd) >= 10 and len(odd) / len(distinct) <= 1 - MANY_NUMBERS:
        shown = ", ".join(map(repr, odd))
        not_finite = " (not finite)" if any(NOT_FINITE.fullmatch(cell) for cell in odd) else ""
        yield f"numbers but for {shown}{not_finite}: read as text. If it means missing: --missing {odd[0]}"


ARROW = {
    "string": lambda pa: pa.string(),
    "integer": lambda pa: pa.int64(),
    "number": lambda pa: pa.float64(),
    "boolean": lambda pa: pa.bool_(),
    "timestamp": lambda pa: None,  # with or without a zone, as the values are
    "date": lambda pa: pa.date32(),
}
"""Kind → the Arrow type of its values."""
