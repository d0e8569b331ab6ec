"""Parquet with page checksums, and fingerprints of columns by which a changed value is noticed."""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ml_platform.errors import DataError
from ml_platform.stores.artifact import Column
from ml_platform.stores.files import digest


def from_parquet(content: bytes, where: str, columns: Sequence[str] | None = None, *, repair: str) -> pa.Table:
    """Return the rows of a Parquet file, page checksums verified; DataError names the file, its size, the repair."""
    wanted = None if columns is None else list(columns)
    try:
        return pq.read_table(pa.BufferReader(content), columns=wanted, page_checksum_verification=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{where} ({len(content):,} bytes) cannot be read: {error}. {repair}") from error


def fingerprint(table: pa.Table) -> tuple[Column, ...]:
    """Return type and digest of every column: equal exactly when the values are equal, in order."""
    return tuple(Column(name=f.name, type=str(f.type), digest=_digest(table, f.name)) for f in table.schema)


def compare_fingerprints(
    recorded: Sequence[Column], found: Sequence[Column], n_recorded: int | None, n_found: int
) -> list[str]:
    """Return one line for each difference between what was recorded and what is there."""
    before, now = ({column.name: column for column in columns} for columns in (recorded, found))
    lines = [f"column '{name}' is gone" for name in before if name not in now]
    lines += [f"column '{name}' was not recorded" for name in now if name not in before]
    if n_recorded != n_found:
        lines.append(f"{n_found:,} rows instead of {n_recorded:,}")
    for name, column in before.items():
        if name in now and now[name].type != column.type:
            lines.append(f"column '{name}' is {now[name].type} instead of {column.type}")
        elif name in now and now[name].digest != column.digest:
            lines.append(f"column '{name}' has values that differ from the recorded ones")
    return lines


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame without its index as an Arrow table; a column without any value is text, in every partition."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    fields = [field.with_type(pa.string()) if pa.types.is_null(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


def to_parquet(table: pa.Table) -> bytes:
    """Return the bytes of a Parquet file with page checksums."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, write_page_checksum=True, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _digest(table: pa.Table, name: str) -> str:
    """Return a digest of where values are missing and of the others: what lies in a missing value's place is noise."""
    column = table.column(name).combine_chunks()
    known = pa.table({name: pc.drop_null(column)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, known.schema) as stream:
        stream.write_table(known.combine_chunks())
    return digest(pc.is_valid(column).to_numpy(zero_copy_only=False).tobytes() + sink.getvalue().to_pybytes())[:16]
