"""Tables in the object store: one Parquet file per artifact and version, checked on every read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from ml_platform.errors import DataError
from ml_platform.frames import to_frame
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest, make
from ml_platform.stores.database.schema import manifests as manifest_table
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.manifests import ManifestStore, is_of
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.parquet import compare_fingerprints, fingerprint, from_parquet, to_arrow, to_parquet
from ml_platform.stores.recorded_objects import forget_object, record_object

PREFIX = "tables"


@dataclass(frozen=True)
class TableStore:
    """Tables by artifact. Storing the same rows again gives the same version.

    The file of a version never changes once it is written, so a reader of an older manifest can still read it.
    """

    manifests: ManifestStore
    objects: ObjectStore

    def manifest(self, artifact: ArtifactKey) -> Manifest | None:
        """Return the manifest of what is stored, or None."""
        return self.manifests.current(artifact)

    def require(self, artifact: ArtifactKey) -> Manifest:
        """Return the manifest of what is stored, or raise NotStored naming the command that makes it."""
        return self.manifests.require(artifact)

    def partitions(self, model: str, asset: str) -> list[str]:
        """Return the keys of the stored partitions, in order."""
        return self.manifests.partitions(model, asset)

    def key(self, artifact: ArtifactKey, version: str) -> str:
        """Return the key of a version's file in the object store."""
        partition = artifact.partition or WHOLE
        return f"{PREFIX}/{artifact.model}/{artifact.asset}/{partition}/{version[:16]}.parquet"

    def where(self, artifact: ArtifactKey, version: str) -> str:
        """Return path or URL of a version's file."""
        return self.objects.where(self.key(artifact, version))

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

        The file is written first, and counts from the moment that the database has its manifest. `relies_on` are
        versions that the table relies on without being computed from them, such as a validation result: they are kept
        in its lineage, and other versions of them do not make the table stale.
        """
        table = to_arrow(frame)
        columns = fingerprint(table)
        manifest = Manifest(
            artifact=str(artifact),
            version=digest(to_json({"columns": [column.model_dump() for column in columns], "n_rows": len(table)})),
            n_rows=len(table),
            columns=columns,
            inputs=dict(inputs or {}),
            run_id=run_id,
        )
        key, content = self.key(artifact, manifest.version), to_parquet(table)
        self.objects.put(key, content)

        def store(connection: sa.Connection, was_removed: bool) -> None:
            if was_removed:  # perhaps after it was put
                self.objects.put(key, content)
            record_object(connection, key, content)

        return self.manifests.commit(artifact, manifest, relies_on=relies_on, store=store)

    def read(self, artifact: ArtifactKey, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the current version of an artifact.

        Raises
        ------
        NotStored
            Naming the command that makes it.
        DataError
            When the file is gone or damaged, or its columns or row count are not what was recorded.
        """
        return self.read_version(self.require(artifact), columns)

    def read_version(self, manifest: Manifest, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows that a manifest, current or older, was written for."""
        return to_frame(self.read_arrow(manifest, columns))

    def read_arrow(self, manifest: Manifest, columns: Sequence[str] | None = None) -> pa.Table:
        """Return likewise an Arrow table."""
        table = self._load(manifest, columns)
        types = {column.name: column.type for column in manifest.columns}
        expected = {name: types.get(name) for name in (types if columns is None else columns)}
        found = {field.name: str(field.type) for field in table.schema}
        if table.num_rows != manifest.n_rows or list(found.items()) != list(expected.items()):
            raise DataError(
                f"{self.where(manifest.key, manifest.version)} has {table.num_rows} rows and the columns {found}; "
                f"recorded were {manifest.n_rows} rows and {expected}. {make(manifest.key)}"
            )
        return table

    def read_made_from(self, artifact: ArtifactKey, inputs: Mapping[str, str]) -> tuple[Manifest, pd.DataFrame] | None:
        """Return an artifact's manifest and rows, or None when it is not stored, damaged, or made from other inputs."""
        try:
            manifest = self.manifest(artifact)
            if manifest is None or manifest.inputs != inputs:
                return None
            table = self._load(manifest)
        except DataError:
            return None  # making it again is the repair
        return None if _differences(manifest, table) else (manifest, to_frame(table))

    def differences(self, manifest: Manifest) -> list[str]:
        """Return what in a version's file is not as recorded, a line for each column; nothing when it is intact."""
        try:
            table = self._load(manifest)
        except DataError as error:
            return [str(error)]
        return _differences(manifest, table)

    def copy_version(self, manifest: Manifest, into: "TableStore") -> None:
        """Copy the file of a version into another store; raise DataError when it is not as recorded."""
        if differences := self.differences(manifest):
            raise DataError(f"{self.where(manifest.key, manifest.version)}: {'; '.join(differences)}")
        key = self.key(manifest.key, manifest.version)
        into.objects.put(key, self.objects.get(key) or b"")

    def remove(self, artifact: ArtifactKey, version: str) -> bool:
        """Remove the file of a superseded version and return True; return False when the version is current again.

        It is noted that the file was removed on purpose, so nobody takes it for a loss.
        """
        here = (*is_of(artifact), manifest_table.c.version == version)
        current = sa.select(manifest_table.c.id).where(*here, manifest_table.c.superseded_at.is_(None))
        with self.manifests.database.writing(str(artifact)) as connection:
            if connection.scalar(current) is not None:
                return False
            now = datetime.now(tz=UTC)
            connection.execute(sa.update(manifest_table).where(*here).values(removed_at=now))
            forget_object(connection, self.key(artifact, version))
            self.objects.delete(self.key(artifact, version))
        return True

    def is_removed(self, artifact: ArtifactKey, version: str) -> bool:
        """Return whether the file of a version was removed on purpose."""
        here = (*is_of(artifact), manifest_table.c.version == version, manifest_table.c.removed_at.is_not(None))
        return bool(self.manifests.rows(*here))

    def _load(self, manifest: Manifest, columns: Sequence[str] | None = None) -> pa.Table:
        artifact, version = manifest.key, manifest.version
        where, content = self.where(artifact, version), self.objects.get(self.key(artifact, version))
        if content is None and self.is_removed(artifact, version):
            raise DataError(f"{where}: this older version of {artifact} was removed by `ml-platform vacuum`")
        if content is None:
            raise DataError(f"{where} does not exist. {make(artifact)}")
        return from_parquet(content, where, columns, repair=make(artifact))


def _differences(manifest: Manifest, table: pa.Table) -> list[str]:
    return compare_fingerprints(manifest.columns, fingerprint(table), manifest.n_rows, table.num_rows)
