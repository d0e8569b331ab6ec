"""Text cells in the type that the contract states for their column."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa

from ml_platform.contract.contract import Column
from ml_platform.delivery import Delivery
from ml_platform.errors import DataError
from ml_platform.scaffold.types import BOOLEANS, COMMA_NUMBER, MISSING_WORDS, NUMBER

EXAMPLES = 3
Read = Callable[[str], Any]
"""Returns the value of a cell, or raises ValueError."""


def read_text(
    column: Column, cells: Sequence[str], delivery: Delivery, *, where: str, lines: Sequence[int]
) -> pa.Array:
    """Return a column's cells as values of its logical type.

    A word that programs write for a missing value is one where text is none; in text, only the model's own words are. A
    DataError names the column, how many cells are of another type, and the first of them with their lines.
    """
    is_text = column.stored_type == "string"
    missing = {"", *delivery.missing, *(() if is_text else MISSING_WORDS)}
    distinct = set(cells) - missing
    read, wrong = (
        (dict(zip(distinct, distinct, strict=True)), set[str]()) if is_text else _read(column, distinct, delivery)
    )
    if wrong:
        at = [(line, cell) for line, cell in zip(lines, cells, strict=True) if cell in wrong]
        examples = ", ".join(f"{column.shown(cell)} (line {line})" for line, cell in at[:EXAMPLES])
        more = ", …" if len(at) > EXAMPLES else ""
        raise DataError(f"{where}: {len(at):,} of {len(cells):,} values are no {column.type}: {examples}{more}")
    return pa.array([read.get(cell) for cell in cells], _type(column, read))


def _read(column: Column, distinct: set[str], delivery: Delivery) -> tuple[dict[str, Any], set[str]]:
    """Return the value of each cell, and the cells that have none, by the one reader that reads the most of them."""
    results = [_by(read, distinct) for read in _readers(column, delivery)]
    return min(results, key=lambda result: len(result[1]))


def _by(read: Read, distinct: set[str]) -> tuple[dict[str, Any], set[str]]:
    values: dict[str, Any] = {}
    wrong: set[str] = set()
    for cell in distinct:
        try:
            values[cell] = read(cell)
        except (ValueError, KeyError, OverflowError):
            wrong.add(cell)
    return values, wrong


def _readers(column: Column, delivery: Delivery) -> list[Read]:
    if column.type in ("integer", "number"):
        plain, comma = NUMBERS[column.type]
        return [plain, comma] if delivery.decimal_comma else [plain]
    if column.type in ("date", "timestamp"):
        form = delivery.formats.get(column.name)
        convert = TIMES[column.type]
        iso: Read = lambda cell: convert(datetime.fromisoformat(cell))  # noqa: E731
        return [lambda cell: convert(datetime.strptime(cell, form)), iso] if form else [iso]
    return [time.fromisoformat if column.type == "time" else lambda cell: BOOLEANS[cell.lower()]]


def _number(cell: str) -> float:
    if not NUMBER.fullmatch(cell):
        raise ValueError(cell)
    return float(cell)


def _whole(cell: str) -> int:
    """Return a whole number, exactly where it is written as one."""
    head, _, tail = cell.partition(".")
    if NUMBER.fullmatch(cell) and not tail.strip("0") and "e" not in cell.lower():
        return int(head or 0)
    number = _number(cell)
    if not number.is_integer():
        raise ValueError(cell)
    return int(number)


def _with_comma(read: Read) -> Read:
    def read_comma(cell: str) -> Any:
        if not COMMA_NUMBER.fullmatch(cell):
            raise ValueError(cell)
        return read(cell.replace(",", "."))

    return read_comma


def _moment(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _day(moment: datetime) -> date:
    if moment.time() != time():
        raise ValueError(str(moment))
    return moment.date()


NUMBERS: Mapping[str, tuple[Read, Read]] = {
    "integer": (_whole, _with_comma(_whole)),
    "number": (_number, _with_comma(_number)),
}
"""Type → how a number with a decimal point is read, and how one with a comma."""
TIMES: Mapping[str, Callable[[datetime], Any]] = {"timestamp": _moment, "date": _day}


def _type(column: Column, read: Mapping[str, Any]) -> pa.DataType:
    if column.type == "timestamp" and column.text_format is None:
        zoned = any(moment.tzinfo is not None for moment in read.values())
        return pa.timestamp("us", "UTC" if zoned else None)
    types = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32()}
    return pa.string() if column.stored_type == "string" else types.get(column.type, pa.time64("us"))
