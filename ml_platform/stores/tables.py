"""Tables on disk: one Parquet file per slot and version, checked on every read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.shelf import Shelf, make
from ml_platform.stores.slot import Column, Manifest, Slot

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class TableStore:
    """Tables by slot. Storing the same rows again gives the same version."""

    def __init__(self, root: Path) -> None:
        self._shelf = Shelf(root, ".parquet")
        self.manifest = self._shelf.manifest
        self.require = self._shelf.require
        self.partitions = self._shelf.partitions
        self.file = self._shelf.file

    def write(
        self, slot: Slot, frame: pd.DataFrame, *, inputs: Mapping[str, str] | None = None, run_id: str = ""
    ) -> Manifest:
        """Store a frame as the current version of its slot; its index is not kept."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
        columns = fingerprint(table)
        content = {"columns": {name: column.model_dump() for name, column in columns.items()}, "n_rows": table.num_rows}
        manifest = Manifest(
            slot=str(slot),
            version=digest(to_json(content)),
            n_rows=table.num_rows,
            columns=columns,
            inputs=dict(inputs or {}),
            run_id=run_id,
        )
        return self._shelf.commit(
            slot, manifest, lambda handle: pq.write_table(table, handle, write_page_checksum=True, compression="zstd")
        )

    def read(self, slot: Slot, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the current version of a slot.

        Raises
        ------
        NotStored
            Naming the command that makes it.
        DataError
            When the file is gone or damaged, or its columns or row count are not what was recorded.
        """
        return self.read_version(slot, self.require(slot), columns)

    def read_version(self, slot: Slot, manifest: Manifest, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows that a manifest, current or older, was written for."""
        table = self._load(slot, manifest, columns)
        expected = list(columns) if columns is not None else list(manifest.columns)
        if table.num_rows != manifest.n_rows or table.column_names != expected:
            raise DataError(
                f"{self.file(slot, manifest.version)} has {table.num_rows} rows and the columns {table.column_names}; "
                f"recorded were {manifest.n_rows} rows and {expected}. {make(slot)}"
            )
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def differences(self, slot: Slot) -> list[str]:
        """Return what in the stored file is not as recorded, a line for each column; nothing when it is intact."""
        manifest = self.require(slot)
        try:
            table = self._load(slot, manifest, None)
        except DataError as error:
            return [str(error)]
        return compare_fingerprints(manifest.columns, fingerprint(table), manifest.n_rows, table.num_rows)

    def _load(self, slot: Slot, manifest: Manifest, columns: Sequence[str] | None) -> pa.Table:
        return load_parquet(self.file(slot, manifest.version), columns, repair=make(slot))


def load_parquet(file: Path, columns: Sequence[str] | None = None, *, repair: str) -> pa.Table:
    """Read a Parquet file with its page checksums verified.

    Raises
    ------
    DataError
        Naming the file, its size, and the command that repairs it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not file.exists():
        raise DataError(f"{file} does not exist. {repair}")
    try:
        return pq.read_table(
            file, columns=None if columns is None else list(columns), page_checksum_verification=True, partitioning=None
        )
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{file} ({file.stat().st_size:,} bytes) cannot be read: {error}. {repair}") from error


def fingerprint(table: pa.Table) -> dict[str, Column]:
    """Return type and digest of every column: equal exactly when the values are equal, in order."""
    return {
        name: Column(type=str(table.schema.field(name).type), digest=_digest(table, name))
        for name in table.column_names
    }


def _digest(table: pa.Table, name: str) -> str:
    import pyarrow as pa

    column = table.select([name]).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, column.schema) as stream:
        stream.write_table(column)
    return digest(sink.getvalue())[:16]


def compare_fingerprints(
    recorded: Mapping[str, Column], found: Mapping[str, Column], n_recorded: int | None, n_found: int
) -> list[str]:
    """Return one line for each difference between what was recorded and what is there."""
    lines = [f"column '{name}' is gone" for name in recorded if name not in found]
    lines += [f"column '{name}' was not recorded" for name in found if name not in recorded]
    if n_recorded != n_found:
        lines.append(f"{n_found:,} rows instead of {n_recorded:,}")
    for name, column in recorded.items():
        if name in found and found[name].type != column.type:
            lines.append(f"column '{name}' is {found[name].type} instead of {column.type}")
        elif name in found and found[name].digest != column.digest:
            lines.append(f"column '{name}' has values that differ from the recorded ones")
    return lines
