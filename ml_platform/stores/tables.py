"""Tables on disk: one Parquet file per artifact and version, checked on every read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.stores.artifact import ArtifactKey, Column, Manifest
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.shelf import Shelf, make

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class TableStore:
    """Tables by artifact. Storing the same rows again gives the same version."""

    def __init__(self, root: Path, *, beside: Sequence[Path] = (), code: str = "") -> None:
        self._shelf = Shelf(root, ".parquet", beside=beside, code=code)
        self.records = self._shelf.records
        self.record = self._shelf.record
        self.remove = self._shelf.remove
        self.is_removed = self._shelf.is_removed
        self.manifest = self._shelf.manifest
        self.require = self._shelf.require
        self.partitions = self._shelf.partitions
        self.file = self._shelf.file

    def write(
        self,
        artifact: ArtifactKey,
        frame: pd.DataFrame,
        *,
        inputs: Mapping[str, str] | None = None,
        relies_on: Mapping[str, str] | None = None,
        run_id: str = "",
    ) -> Manifest:
        """Store a frame as the current version of its artifact; its index is not kept.

        `relies_on` is what it was not made from but would not have been made without, such as a validation: its record
        is kept, and another one does not make the frame stale.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = _typed(pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None))
        columns = fingerprint(table)
        content = {"columns": [column.model_dump() for column in columns], "n_rows": table.num_rows}
        manifest = Manifest(
            artifact=str(artifact),
            version=digest(to_json(content)),
            n_rows=table.num_rows,
            columns=columns,
            inputs=dict(inputs or {}),
            run_id=run_id,
        )
        return self._shelf.commit(
            artifact,
            manifest,
            lambda handle: pq.write_table(table, handle, write_page_checksum=True, compression="zstd"),
            relies_on=relies_on,
        )

    def read(self, artifact: ArtifactKey, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the current version of a artifact.

        Raises
        ------
        NotStored
            Naming the command that makes it.
        DataError
            When the file is gone or damaged, or its columns or row count are not what was recorded.
        """
        return self.read_version(artifact, self.require(artifact), columns)

    def read_version(
        self, artifact: ArtifactKey, manifest: Manifest, columns: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return the rows that a manifest, current or older, was written for."""
        table = self._load(artifact, manifest, columns)
        expected = list(columns) if columns is not None else [column.name for column in manifest.columns]
        if table.num_rows != manifest.n_rows or table.column_names != expected:
            raise DataError(
                f"{self.file(artifact, manifest.version)} has {table.num_rows} rows and the columns "
                f"{table.column_names}; recorded were {manifest.n_rows} rows and {expected}. {make(artifact)}"
            )
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def read_made_from(self, artifact: ArtifactKey, inputs: Mapping[str, str]) -> pd.DataFrame | None:
        """Return the rows of a artifact, or None when they are not stored, damaged, or made from other inputs."""
        try:
            manifest = self.manifest(artifact)
            if manifest is None or manifest.inputs != inputs:
                return None
            table = self._load(artifact, manifest, None)
        except DataError:
            return None  # making it again is the repair
        if compare_fingerprints(manifest.columns, fingerprint(table), manifest.n_rows, table.num_rows):
            return None
        frame: pd.DataFrame = table.to_pandas()
        return frame

    def is_intact(self, artifact: ArtifactKey) -> bool:
        """Return whether a artifact has a current version that is as recorded."""
        try:
            return self.manifest(artifact) is not None and not self.differences(artifact)
        except DataError:  # its manifest is not
            return False

    def differences(self, artifact: ArtifactKey) -> list[str]:
        """Return what in the stored file is not as recorded, a line for each column; nothing when it is intact."""
        return self.differences_of(artifact, self.require(artifact))

    def differences_of(self, artifact: ArtifactKey, manifest: Manifest) -> list[str]:
        """Return what in the file of a version, current or older, is not as recorded."""
        try:
            table = self._load(artifact, manifest, None)
        except DataError as error:
            return [str(error)]
        return compare_fingerprints(manifest.columns, fingerprint(table), manifest.n_rows, table.num_rows)

    def _load(self, artifact: ArtifactKey, manifest: Manifest, columns: Sequence[str] | None) -> pa.Table:
        file = self.file(artifact, manifest.version)
        if self.is_removed(artifact, manifest.version):
            raise DataError(f"{file}: this older version of {artifact} was removed by `ml-platform vacuum`")
        return load_parquet(file, columns, repair=make(artifact))


def _typed(table: pa.Table) -> pa.Table:
    """Give columns of text without any value the type of text, so that every partition has the same types."""
    import pyarrow as pa

    fields = [field.with_type(pa.string()) if pa.types.is_null(field.type) else field for field in table.schema]
    return table.cast(pa.schema(fields))


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


def fingerprint(table: pa.Table) -> tuple[Column, ...]:
    """Return type and digest of every column: equal exactly when the values are equal, in order."""
    return tuple(Column(name=f.name, type=str(f.type), digest=_digest(table, f.name)) for f in table.schema)


def _digest(table: pa.Table, name: str) -> str:
    """Return a digest of where values are missing and of the others: what lies in a missing value's place is noise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table.column(name).combine_chunks()
    known = pa.table({name: pc.drop_null(column)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, known.schema) as stream:
        stream.write_table(known.combine_chunks())
    return digest(pc.is_valid(column).to_numpy(zero_copy_only=False).tobytes() + sink.getvalue().to_pybytes())[:16]


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
