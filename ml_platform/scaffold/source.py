"""A file, or the rows of a query, as a typed table with column names that the platform can use."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ml_platform.choices import did_you_mean
from ml_platform.delivery import Delivery
from ml_platform.errors import DataError, SpecError, WrongCall
from ml_platform.scaffold.file_kind import JSON_LINES, PARQUET, WORKBOOKS, validate_kind
from ml_platform.scaffold.read_csv import TextTable, read_csv
from ml_platform.scaffold.read_json_lines import read_json_lines
from ml_platform.scaffold.read_query import is_url, read_query
from ml_platform.scaffold.times import read_times
from ml_platform.scaffold.types import missing_markers, read_cells

KNOWN = (pa.types.is_string, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_date32)
RESERVED = ("reasons",)
"""Columns that the platform adds to quarantined rows."""


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
    if isinstance(file, str) and is_url(file):
        name, rows = read_query(file, options.query)
        return _with_columns(_from_table(Path(name), rows, options))
    file = Path(file)
    if not file.is_file():
        raise WrongCall(f"{file} {'is not a file' if file.exists() else 'does not exist'}. Name a file, or a database")
    if options.query is not None:
        raise WrongCall(f"--query is for a database, and {file} is a file. One looks like --from sqlite:///shop.db")
    suffix = file.suffix.lower()
    if options.sheet is not None and suffix not in WORKBOOKS:
        raise WrongCall(f"--sheet is for workbooks ({', '.join(WORKBOOKS)}), and {file} is none")
    validate_kind(file)
    if suffix in PARQUET:
        return _with_columns(_from_table(file, _read_parquet(file), options))
    if suffix in JSON_LINES:
        return _with_columns(_from_table(file, read_json_lines(file), options))
    if suffix in WORKBOOKS:
        from ml_platform.scaffold.read_workbook import read_workbook

        return _with_columns(_from_table(file, read_workbook(file, options.sheet), options))
    return _with_columns(_read_csv(file, options))


def _with_columns(source: Source) -> Source:
    if not source.table.num_columns:
        raise DataError(f"{source.file}: no column holds any value that can be used")
    return source


def _read_csv(file: Path, options: ReadOptions) -> Source:
    text = read_csv(file, encoding=options.encoding, delimiter=options.delimiter)
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


def _read_parquet(file: Path) -> pa.Table:
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            table = parquet.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{file} ({file.stat().st_size:,} bytes) cannot be read as Parquet: {error}") from error
    if not table.num_rows:
        raise DataError(f"{file} has {table.num_columns} columns and no rows: there is nothing to learn from")
    if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        raise DataError(f"{file}: a column's name is there more than once: {', '.join(twice)}")
    return table


def _from_table(file: Path, table: pa.Table, options: ReadOptions) -> Source:
    """Return a table whose columns have types already; of text, only dates and times get another one."""
    columns, dropped, notes = {}, {}, {}
    for name in table.column_names:
        plain = _plain(table[name].combine_chunks())
        if plain is None:
            dropped[name] = f"its type {table.schema.field(name).type} is neither numbers, text, truth values nor times"
        elif pa.types.is_string(plain.type) and file.suffix.lower() not in PARQUET:
            columns[name], notes[name] = _times_of(plain, options.time_format if name == options.time else None)
        else:
            columns[name] = plain
    return _usable(file, pa.table(columns), notes, dropped)


def _times_of(values: pa.Array, time_format: str | None) -> tuple[pa.Array, tuple[str, ...]]:
    """Return text as times where all of it is: neither JSON nor SQLite has a type for them."""
    cells = values.to_pylist()
    times = read_times(sorted({cell for cell in cells if cell is not None}), time_format)
    if not times.values:
        return values, times.notes
    kind = pa.date32() if times.kind == "date" else None
    return pa.array([None if cell is None else times.values[cell] for cell in cells], kind), times.notes


def _plain(values: pa.Array) -> pa.Array | None:
    """Return a column in a type that a contract knows; None where there is none."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _plain(values.dictionary_decode())
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        values = values.cast(pa.float64())
    elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        values = values.cast(pa.string())
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.timestamp("us", "UTC" if kind.tz else None), safe=False)
    elif pa.types.is_date64(kind):
        values = values.cast(pa.date32())
    elif not any(knows(kind) for knows in KNOWN):
        return None
    return pc.if_else(pc.is_nan(values), None, values) if pa.types.is_floating(values.type) else values


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


def usable_names(names: Sequence[str]) -> dict[str, str]:
    """Return for each name the one to use: the same, unless it has a point, a line break, or the check of another one.

    A point separates a table from its column in a feature's ``from``. A check is called by the letters, digits and
    ``_`` of its column's name, and no two may be called alike.
    """
    chosen: dict[str, str] = {}
    checks: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in name)).strip().replace(".", "_")
        chosen[name] = numbered(plain or "column", lambda free: free in RESERVED or _check(free) in checks)
        checks.add(_check(chosen[name]))
    return chosen


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name, or ``name_2``, ``name_3``, … if it is taken."""
    return next(free for free in chain([name], (f"{name}_{n}" for n in count(2))) if not is_taken(free))


def _check(name: str) -> str:
    return re.sub("[^A-Za-z0-9_]", "_", name)
