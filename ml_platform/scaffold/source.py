"""A person's file, CSV or Parquet, as a typed table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError, NotStored, SpecError
from ml_platform.scaffold.names import usable_names
from ml_platform.scaffold.text import TextTable, read_text
from ml_platform.scaffold.types import missing_markers, read_cells

if TYPE_CHECKING:
    import pyarrow as pa

PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class Reading:
    """How a person says that a file is to be read; what is left out is found out.

    Attributes
    ----------
    missing
        Words that stand for a missing value.
    time_format
        Of the column `time`, as strptime has it.
    """

    encoding: str | None = None
    delimiter: str | None = None
    missing: tuple[str, ...] = ()
    decimal_comma: bool = False
    time: str | None = None
    time_format: str | None = None


@dataclass(frozen=True)
class Source:
    """A table whose columns have names that the platform can use, and types.

    Attributes
    ----------
    original
        Column → its name in the file.
    notes
        Column → how it was read, where that is worth saying.
    dropped
        Column of the file → why it is not in the table.
    """

    file: Path
    table: pa.Table
    original: Mapping[str, str]
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)

    def column(self, stated: str) -> str:
        """Return the table's name of a column that a person names as the file does.

        Raises
        ------
        SpecError
            When there is none, or it was left out of the table; with a guess.
        """
        names = {original: name for name, original in self.original.items()}
        if stated in self.dropped:
            raise SpecError(f"{self.file}: column '{stated}' cannot be used: {self.dropped[stated]}")
        if stated not in names and stated not in self.original:
            raise SpecError(f"{self.file} has no column '{stated}'. {did_you_mean(stated, names)}")
        return names.get(stated, stated)


def read_source(file: Path, reading: Reading) -> Source:
    """Read a CSV or Parquet file.

    Raises
    ------
    DataError
        When it cannot be read, or holds no rows.
    NotStored
        When there is no such file.
    """
    if not file.is_file():
        raise NotStored(f"{file} does not exist")
    source = _read_parquet(file) if file.suffix.lower() in PARQUET else _read_csv(file, reading)
    if not source.table.num_columns:
        raise DataError(f"{file}: no column holds any value that can be used")
    return source


def _read_csv(file: Path, reading: Reading) -> Source:
    import pyarrow as pa

    text = read_text(file, encoding=reading.encoding, delimiter=reading.delimiter)
    comma = reading.decimal_comma or text.delimiter != ","
    markers = missing_markers(text.columns, reading.missing, comma=comma)
    typed = {
        name: read_cells(cells, markers, comma=comma, time_format=reading.time_format if name == reading.time else None)
        for name, cells in zip(text.header, text.columns, strict=True)
    }
    _validate_other_times(file, reading, text, markers, None if reading.time is None else typed.get(reading.time))
    table = pa.table({name: column.values for name, column in typed.items()})
    return _usable(file, table, {name: column.notes for name, column in typed.items() if column.notes})


def _validate_other_times(
    file: Path, reading: Reading, text: TextTable, markers: frozenset[str], found: object
) -> None:
    """Say which line does not have the stated format of times."""
    from ml_platform.scaffold.times import read_times

    if reading.time_format is None or reading.time is None or getattr(found, "kind", None) != "string":
        return
    cells = text.columns[text.header.index(reading.time)]
    for line, cell in zip(text.lines, cells, strict=True):
        if cell not in markers and not read_times([cell], reading.time_format).values:
            raise DataError(f"{file}, line {line}, column '{reading.time}': {cell!r} is not '{reading.time_format}'")


def _read_parquet(file: Path) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{file} ({file.stat().st_size:,} bytes) cannot be read as Parquet: {error}") from error
    if not table.num_rows:
        raise DataError(f"{file} has {table.num_columns} columns and no rows: there is nothing to learn from")
    if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        raise DataError(f"{file}: a column's name is there more than once: {', '.join(twice)}")
    columns, dropped = {}, {}
    for name in table.column_names:
        plain = _plain(table[name].combine_chunks())
        if plain is None:
            dropped[name] = f"its type {table.schema.field(name).type} is neither numbers, text, truth values nor times"
        else:
            columns[name] = plain
    return _usable(file, pa.table(columns), {}, dropped)


def _plain(values: pa.Array) -> pa.Array | None:
    """Return a column in the types that a contract knows; None where it is something else."""
    import pyarrow as pa
    import pyarrow.compute as pc

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
    elif not (pa.types.is_primitive(kind) or pa.types.is_string(kind)) or pa.types.is_time(kind):
        return None
    if pa.types.is_duration(values.type):
        return None
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
    return values


def _usable(
    file: Path, table: pa.Table, notes: Mapping[str, tuple[str, ...]], dropped: Mapping[str, str] | None = None
) -> Source:
    """Leave out what holds nothing, and give each column a name that contracts and features can use."""
    left_out = dict(dropped or {})
    for name in table.column_names:
        if table[name].null_count == table.num_rows:
            left_out[name] = "no row has a value"
    table = table.drop_columns([name for name in left_out if name in table.column_names])
    names = usable_names(table.column_names)
    renamed = table.rename_columns(list(names.values()))
    said = {
        new: (*((f"called {old!r} in the file",) if new != old else ()), *notes.get(old, ()))
        for old, new in names.items()
    }
    return Source(
        file, renamed, {new: old for old, new in names.items()}, {k: v for k, v in said.items() if v}, left_out
    )
