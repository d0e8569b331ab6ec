"""Read the rows of a file or of a query, each kind of source by its own module. `new` and `add` read alike."""

from pathlib import Path

import pyarrow as pa

from ml_platform.errors import WrongCall
from ml_platform.scaffold.file_kind import JSON_LINES, PARQUET, WORKBOOKS, validate_kind
from ml_platform.scaffold.read_csv import TextTable, read_csv
from ml_platform.scaffold.read_json_lines import read_json_lines
from ml_platform.scaffold.read_parquet import read_parquet
from ml_platform.scaffold.read_query import is_url, read_query


def read_rows(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    query: str | None = None,
) -> tuple[Path, TextTable | pa.Table]:
    """Return the name of a source for messages, and its rows: text cells of a CSV file, typed values of others.

    Parameters
    ----------
    source
        A file, or the address of a database, whose password is not in the name that is returned.
    encoding, delimiter
        Of a CSV file; found out when left out.
    sheet, query
        Of a workbook with several sheets; of a database. They are a WrongCall for any other source.
    """
    if isinstance(source, str) and is_url(source):
        name, rows = read_query(source, query)
        return Path(name), rows
    file = Path(source)
    if not file.is_file():
        raise WrongCall(f"{file} {'is not a file' if file.exists() else 'does not exist'}. Name a file, or a database")
    if query is not None:
        raise WrongCall(f"--query is for a database, and {file} is a file. One looks like --from sqlite:///shop.db")
    suffix = file.suffix.lower()
    if sheet is not None and suffix not in WORKBOOKS:
        raise WrongCall(f"--sheet is for workbooks ({', '.join(WORKBOOKS)}), and {file} is none")
    validate_kind(file)
    if suffix in PARQUET:
        return file, read_parquet(file)
    if suffix in JSON_LINES:
        return file, read_json_lines(file)
    if suffix in WORKBOOKS:
        from ml_platform.scaffold.read_workbook import read_workbook

        return file, read_workbook(file, sheet)
    return file, read_csv(file, encoding=encoding, delimiter=delimiter)
