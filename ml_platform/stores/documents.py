"""JSON documents in the database: validation results, evaluations, decisions, drift reports, candidates."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ml_platform.errors import DataError
from ml_platform.stores.artifact import ArtifactKey, Manifest, make
from ml_platform.stores.database.connection import upsert
from ml_platform.stores.database.schema import documents as table
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.manifests import ManifestStore


@dataclass(frozen=True)
class DocumentStore:
    """Documents by artifact. Storing the same document again gives the same version."""

    manifests: ManifestStore

    def manifest(self, artifact: ArtifactKey) -> Manifest | None:
        """Return the manifest of what is stored, or None."""
        return self.manifests.current(artifact)

    def require(self, artifact: ArtifactKey) -> Manifest:
        """Return the manifest of what is stored, or raise NotStored naming the command that makes it."""
        return self.manifests.require(artifact)

    def partitions(self, model: str, asset: str) -> list[str]:
        """Return the keys of the stored partitions, in order."""
        return self.manifests.partitions(model, asset)

    def write(
        self,
        artifact: ArtifactKey,
        document: Mapping[str, Any],
        *,
        inputs: Mapping[str, str] | None = None,
        run_id: str = "",
    ) -> Manifest:
        """Store a document as the current version of its artifact."""
        content = to_json(document)
        manifest = Manifest(artifact=str(artifact), version=digest(content), inputs=dict(inputs or {}), run_id=run_id)
        row = {"version": manifest.version, "content": content.decode()}
        return self.manifests.commit(
            artifact, manifest, store=lambda connection, _was_removed: upsert(connection, table, row)
        )

    def read(self, artifact: ArtifactKey) -> dict[str, Any]:
        """Return the current document of an artifact; raises as `require` and `read_version` do."""
        return self.read_version(self.require(artifact))

    def read_version(self, manifest: Manifest) -> dict[str, Any]:
        """Return the document of a manifest, current or older; raise DataError when it is not what was recorded."""
        database = self.manifests.database
        with database.reading() as connection:
            content = connection.scalar(sa.select(table.c.content).where(table.c.version == manifest.version))
        if content is None or digest(content.encode()) != manifest.version:
            found = "is gone" if content is None else "is not what was recorded"
            what = f"Document {manifest.version} of {manifest.artifact}"
            raise DataError(f"{what} {found} in {database}. {make(manifest.key)}")
        document: dict[str, Any] = json.loads(content)
        return document
