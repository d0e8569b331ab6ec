"""What a file really is, by its first bytes, whatever its name says."""

from pathlib import Path

from ml_platform.errors import DataError

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet", ".pq")
JSON_LINES = (".jsonl", ".ndjson")
JSON = (".json",)
FIRST_BYTES = {
    b"PAR1": ("Parquet", PARQUET),
    b"PK\x03\x04": ("a spreadsheet, or a ZIP archive to unpack first", WORKBOOKS),
    b"\xd0\xcf\x11\xe0": ("an old spreadsheet", WORKBOOKS),
    b"\x1f\x8b": ("compressed by gzip: unpack it first", ()),
    b"BZh": ("compressed by bzip2: unpack it first", ()),
    b"ARROW1": ("an Arrow file: write it as Parquet", ()),
    b"SQLite format 3": ("a SQLite database: --from sqlite:///FILE --query 'SELECT …'", ()),
    b"%PDF": ("a PDF", ()),
}
"""First bytes → what such a file is, and how it is called."""
DUCKDB = (b"DUCK", 8, "a DuckDB database: --from duckdb:///FILE --query 'SELECT …'")


def validate_kind(file: Path) -> None:
    """Raise DataError when a file is of another kind than its name says."""
    suffix = file.suffix.lower()
    with file.open("rb") as handle:
        start = handle.read(16)
    mark, place, is_duckdb = DUCKDB
    if start[place:].startswith(mark):
        raise DataError(f"{file} is {is_duckdb}")
    for first, (what, suffixes) in FIRST_BYTES.items():
        if start.startswith(first) and suffix not in suffixes:
            rename = f". Rename it: {file.stem}{suffixes[0]}" if suffixes else ""
            raise DataError(f"{file} is {what}{rename}")
    if suffix in JSON or (suffix not in JSON_LINES and start.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"[{", b'{"'))):
        raise DataError(
            f"{file} is JSON, which is read with one object per line. Write it so and call it {file.stem}.jsonl"
        )
