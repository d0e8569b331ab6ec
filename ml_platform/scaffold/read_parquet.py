"""Read a Parquet file, its page checksums verified."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ml_platform.errors import DataError
from ml_platform.frames import INDEX


def read_parquet(file: Path) -> pa.Table:
    """Return the rows, without an index that pandas wrote beside them."""
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            table = parquet.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{file} ({file.stat().st_size:,} bytes) cannot be read as Parquet: {error}") from error
    table = table.drop_columns([name for name in table.column_names if INDEX.fullmatch(name)])
    if not table.num_rows:
        raise DataError(f"{file} has {table.num_columns} columns and no rows")
    if twice := sorted({name for name in table.column_names if table.column_names.count(name) > 1}):
        raise DataError(f"{file}: a column's name is there more than once: {', '.join(twice)}")
    return table
