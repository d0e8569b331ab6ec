"""The files of a delivery, CSV, JSON lines or Parquet, each as columns of text or of values."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ml_platform.delivery import Delivery
from ml_platform.errors import DataError, NotStored
from ml_platform.scaffold.file_kind import JSON_LINES, PARQUET
from ml_platform.scaffold.read_csv import decode, find_delimiter, read_csv
from ml_platform.stores.parquet import from_parquet
from ml_platform.stores.raw import INDEX

CSV = (".csv", ".tsv", ".txt")
KNOWN = (*CSV, *JSON_LINES, *PARQUET)


@dataclass(frozen=True)
class DeliveredFile:
    """A file's columns by their names in it: text where the file is text, else values of a type."""

    path: Path
    columns: Mapping[str, Sequence[str] | pa.ChunkedArray]
    lines: Sequence[int] = ()
    """Number of the line in which each row begins, from 1; empty for Parquet."""


def find_files(stated: Path) -> list[Path]:
    """Return a file, the files of a folder, or those that match a pattern such as ``2024-*.csv``, in order."""
    if stated.is_file():
        return [stated]
    named = stated.iterdir() if stated.is_dir() else stated.parent.glob(stated.name)
    files = sorted(file for file in named if file.is_file() and file.suffix.lower() in KNOWN)
    if not files:
        what = f"holds no file ({', '.join(KNOWN)})" if stated.is_dir() else "does not exist"
        raise NotStored(f"{stated} {what}")
    return files


def read_file(path: Path, delivery: Delivery) -> DeliveredFile:
    """Read a file that holds rows, in the way that the model's YAML says."""
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return _read_parquet(path)
    return _read_json_lines(path) if suffix in JSON_LINES else _read_csv(path, delivery)


def _read_csv(path: Path, delivery: Delivery) -> DeliveredFile:
    stated = delivery.delimiter
    if (
        stated is not None
        and (header := decode(path, delivery.encoding).lstrip().partition("\n")[0]).count(stated) == 0
    ):
        found = find_delimiter(header, path)
        raise DataError(
            f"{path}, line 1: no column ends with {stated!r}, the delimiter of this model's files; this file seems to "
            f"have {found!r}. Write it with {stated!r}, or change delivery.delimiter in defs.yaml"
        )
    text = read_csv(path, encoding=delivery.encoding, delimiter=stated)
    return DeliveredFile(path, dict(zip(text.header, text.columns, strict=True)), text.lines)


def _read_parquet(path: Path) -> DeliveredFile:
    table = from_parquet(path.read_bytes(), str(path), repair="Deliver it again")
    table = table.drop_columns([name for name in table.column_names if INDEX.fullmatch(name)])
    if not table.num_rows:
        raise DataError(f"{path} has {table.num_columns} columns and no rows")
    if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        raise DataError(f"{path}: a column's name is there more than once: {', '.join(twice)}")
    return DeliveredFile(path, {name: table[name] for name in table.column_names})


def _read_json_lines(path: Path) -> DeliveredFile:
    """Read an object per line; what an object does not name is missing there."""
    rows: list[dict[str, Any]] = []
    lines: list[int] = []
    for number, line in enumerate(decode(path, None).splitlines(), start=1):
        if line.strip():
            rows.append(_object(line, f"{path}, line {number}"))
            lines.append(number)
    names = dict.fromkeys(name for row in rows for name in row)
    return DeliveredFile(path, {name: _column(path, name, [row.get(name) for row in rows]) for name in names}, lines)


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: is not JSON: {error}. JSON lines have one object per line") from error
    if not isinstance(found, dict):
        raise DataError(f"{where}: holds a {type(found).__name__}; JSON lines have one object per line")
    return found


def _column(path: Path, name: str, values: Iterable[Any]) -> Sequence[str] | pa.ChunkedArray:
    """Return values that are all text as text, in which times and numbers may be written."""
    values = list(values)
    if any(isinstance(value, str) for value in values) and all(isinstance(value, str | None) for value in values):
        return ["" if value is None else value.strip() for value in values]
    try:
        return pa.chunked_array([pa.array(values)])
    except (pa.ArrowException, OverflowError) as error:
        raise DataError(f"{path}, column '{name}': its values are not of one type: {error}") from error
