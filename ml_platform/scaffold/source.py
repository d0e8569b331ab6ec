"""A file, or the rows of a query, as a typed table with column names that the platform can use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from ml_platform.choices import did_you_mean
from ml_platform.delivery import Delivery
from ml_platform.errors import DataError, SpecError, WrongCall
from ml_platform.scaffold.file_kind import PARQUET
from ml_platform.scaffold.plain_values import plain_values, without_words
from ml_platform.scaffold.read_csv import TextTable
from ml_platform.scaffold.read_rows import read_rows
from ml_platform.scaffold.times import Meaning, read_times
from ml_platform.scaffold.types import missing_markers, read_cells
from ml_platform.scaffold.usable_names import usable_names


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file; what is left out is inferred."""

    encoding: str | None = None
    delimiter: str | None = None
    missing: tuple[str, ...] = ()
    """Words that stand for a missing value."""
    decimal_comma: bool = False
    time: str | None = None
    time_format: str | None = None
    """Of the column `time`, as strptime has it."""
    sheet: str | None = None
    """Of a workbook with several."""
    query: str | None = None
    """What to read from a database."""


@dataclass(frozen=True)
class Source:
    """A typed table."""

    file: Path
    table: pa.Table
    original: Mapping[str, str]
    """Column → its name in the file."""
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → how it was read, where a person should know."""
    dropped: Mapping[str, str] = field(default_factory=dict)
    """Column of the file → why it is not in the table."""
    delivery: Delivery = field(default_factory=Delivery)
    """How the file was read, and the next one will be."""

    def column(self, stated: str) -> str:
        """Return the table's name of a column that a person calls as the file does; else a SpecError."""
        names = {original: name for name, original in self.original.items()}
        if stated in self.dropped:
            raise SpecError(f"{self.file}: column '{stated}' cannot be used: {self.dropped[stated]}")
        if stated not in names and stated not in self.original:
            raise WrongCall(f"{self.file} has no column '{stated}'. {did_you_mean(stated, names)}")
        return names.get(stated, stated)


def read_source(file: Path | str, options: ReadOptions) -> Source:
    """Read CSV, Parquet, JSON lines, a workbook, or the rows of a query on the database that a URL names.

    An option of another kind of source is a WrongCall.
    """
    name, rows = read_rows(
        file, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet, query=options.query
    )
    source = _of_text(name, rows, options) if isinstance(rows, TextTable) else _of_values(name, rows, options)
    if not source.table.num_columns:
        raise DataError(f"{source.file}: no column holds any value that can be used")
    return source


def _of_text(file: Path, text: TextTable, options: ReadOptions) -> Source:
    comma = options.decimal_comma or text.delimiter != ","
    markers = missing_markers(text.columns, options.missing, comma=comma)
    typed = {
        name: read_cells(cells, markers, comma=comma, time_format=options.time_format if name == options.time else None)
        for name, cells in zip(text.header, text.columns, strict=True)
    }
    if options.time_format and options.time in typed and typed[options.time].kind == "string":
        _raise_first_other_time(file, options.time, options.time_format, text, markers)
    table = pa.table({name: column.values for name, column in typed.items()})
    source = _usable(file, table, {name: column.notes for name, column in typed.items()}, {})
    delivery = Delivery(
        encoding=options.encoding,
        delimiter=text.delimiter,
        missing=tuple(sorted(markers - {""})),
        decimal_comma=comma,
        formats={new: form for new, old in source.original.items() if (form := typed[old].time_format)},
    )
    return replace(source, delivery=delivery)


def _raise_first_other_time(
    file: Path, column: str, time_format: str, text: TextTable, markers: frozenset[str]
) -> None:
    cells = text.columns[text.header.index(column)]
    for line, cell in zip(text.lines, cells, strict=True):
        if cell not in markers and not read_times([cell], time_format).values:
            raise DataError(f"{file}, line {line}, column '{column}': {cell!r} is not '{time_format}'")


def _of_values(file: Path, table: pa.Table, options: ReadOptions) -> Source:
    """Return a table whose columns have types already; of text, only dates and times get another one."""
    columns, dropped, read = {}, {}, dict[str, Meaning]()
    for name in table.column_names:
        plain = plain_values(table[name].combine_chunks())
        if plain is None:
            dropped[name] = f"its type {table.schema.field(name).type} is neither numbers, text, truth values nor times"
        elif pa.types.is_string(plain.type):
            plain = without_words(plain, options.missing)
            if file.suffix.lower() not in PARQUET:
                plain, read[name] = _times_of(plain, options.time_format if name == options.time else None)
            columns[name] = plain
        else:
            columns[name] = plain
    source = _usable(file, pa.table(columns), {name: meaning.notes for name, meaning in read.items()}, dropped)
    delivery = Delivery(
        sheet=options.sheet,
        missing=options.missing,
        formats={new: form for new, old in source.original.items() if old in read and (form := read[old].time_format)},
    )
    return replace(source, delivery=delivery)


def _times_of(values: pa.Array, time_format: str | None) -> tuple[pa.Array, Meaning]:
    """Return text as times where all of it is: neither JSON nor SQLite has a type for them."""
    cells = values.to_pylist()
    times = read_times(sorted({cell for cell in cells if cell is not None}), time_format)
    if not times.values:
        return values, times
    kind = pa.date32() if times.kind == "date" else None
    return pa.array([None if cell is None else times.values[cell] for cell in cells], kind), times


def _usable(file: Path, table: pa.Table, notes: Mapping[str, tuple[str, ...]], dropped: Mapping[str, str]) -> Source:
    """Drop columns without any value, and give the others names that contracts and features can use."""
    empty = [name for name in table.column_names if table[name].null_count == table.num_rows]
    table = table.drop_columns(empty)
    names = usable_names(table.column_names)
    said = {
        new: (*((f"called {old!r} in the file",) if new != old else ()), *notes.get(old, ()))
        for old, new in names.items()
    }
    return Source(
        file,
        table.rename_columns(list(names.values())),
        {new: old for old, new in names.items()},
        {name: lines for name, lines in said.items() if lines},
        {**dropped, **dict.fromkeys(empty, "no row has a value")},
    )
