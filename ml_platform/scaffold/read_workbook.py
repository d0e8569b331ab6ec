"""Read a sheet of a workbook: Excel's formats and OpenDocument, through Calamine."""

from pathlib import Path

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError, WrongCall


def read_workbook(file: Path, sheet: str | None) -> pa.Table:
    """Return the rows of a sheet whose first row names the columns; the only one, where none is named.

    Workbooks keep every number as a float, and every date as a time.
    """
    try:
        book = fastexcel.read_excel(file)
    except fastexcel.FastExcelError as error:
        raise DataError(f"{file} ({file.stat().st_size:,} bytes) is not a workbook: {_first_line(error)}") from error
    names = book.sheet_names
    if sheet is None and len(names) > 1:
        raise WrongCall(f"{file} has {len(names)} sheets: {', '.join(names)}. Say which one: --sheet '{names[0]}'")
    if sheet is not None and sheet not in names:
        raise WrongCall(f"{file} has no sheet '{sheet}'. {did_you_mean(sheet, names)}")
    try:
        found = pa.record_batch(book.load_sheet(sheet or names[0], schema_sample_rows=None, whitespace_as_null=True))
    except fastexcel.FastExcelError as error:
        raise DataError(f"{file}, sheet '{sheet or names[0]}' cannot be read: {_first_line(error)}") from error
    table = pa.table(found)
    if not table.num_rows or not table.num_columns:
        raise DataError(f"{file}, sheet '{sheet or names[0]}' has no rows below a row of column names")
    return pa.table({name: _whole(table[name].combine_chunks()) for name in table.column_names})


def _whole(values: pa.Array) -> pa.Array:
    """Return numbers without fractions as whole ones, and times at midnight as dates."""
    if pa.types.is_floating(values.type):
        kind = pa.int64()
    elif pa.types.is_timestamp(values.type) and values.type.tz is None:
        kind = pa.date32()
    else:
        return values
    whole = pc.cast(values, kind, safe=False)
    return whole if pc.cast(whole, values.type, safe=False).equals(values) else values


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
