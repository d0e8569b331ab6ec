"""The files of a delivery, or the rows of a query."""

from pathlib import Path

import pyarrow as pa

from ml_platform.delivery import Delivery
from ml_platform.errors import NotStored
from ml_platform.scaffold.file_kind import JSON_LINES, PARQUET, WORKBOOKS
from ml_platform.scaffold.read_csv import TextTable
from ml_platform.scaffold.read_query import is_url
from ml_platform.scaffold.read_rows import read_rows

CSV = (".csv", ".tsv", ".txt")
KNOWN = (*CSV, *JSON_LINES, *PARQUET, *WORKBOOKS)
HIDDEN = (".", "~$")
"""How names of files begin that programs put beside those of a person."""


def read_files(
    stated: Path | str, delivery: Delivery, *, sheet: str | None = None, query: str | None = None
) -> dict[Path, TextTable | pa.Table]:
    """Return the rows of each file, or of a query, in the way that the model's YAML says; see `read_rows`.

    Raises
    ------
    NotStored
        When there is no such file.
    WrongCall, DataError
        When a file is empty or unreadable.
    """
    if isinstance(stated, str) and is_url(stated):
        name, rows = read_rows(stated, query=query)
        return {name: rows}
    found = {}
    for file in find_files(Path(stated)):
        of_book = delivery.sheet if file.suffix.lower() in WORKBOOKS else None
        _, found[file] = read_rows(
            file, encoding=delivery.encoding, delimiter=delivery.delimiter, sheet=sheet or of_book, query=query
        )
    return found


def find_files(stated: Path) -> list[Path]:
    """Return a file, the files of a folder, or those that match a pattern such as ``2024-*.csv``, in order."""
    if stated.is_file():
        return [stated]
    named = stated.iterdir() if stated.is_dir() else stated.parent.glob(stated.name)
    files = sorted(
        file for file in named if file.is_file() and file.suffix.lower() in KNOWN and not file.name.startswith(HIDDEN)
    )
    if not files:
        what = f"holds no file ({', '.join(KNOWN)})" if stated.is_dir() else "does not exist"
        raise NotStored(f"{stated} {what}")
    return files
