"""The manifest of every version of every artifact, current and earlier.

A manifest's id is the digest of its content. A manifest names the ids of the manifests that it was made from, and so on
back to the raw files: a chain in which no link can change unnoticed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest, make
from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import inputs
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.files import digest, to_json

ID_LENGTH = 32
"""Hexadecimal digits of a manifest's id."""

BACKUP = "Restore the database from a backup"


@dataclass(frozen=True)
class ManifestStore:
    """Manifests in the database. `code` is the commit that now runs, which new manifests record."""

    database: Database
    code: str = ""

    def current(self, artifact: ArtifactKey) -> Manifest | None:
        """Return the current manifest of an artifact, or None when nothing is stored."""
        return next(iter(self.select(*is_of(artifact), table.c.superseded_at.is_(None)).values()), None)

    def require(self, artifact: ArtifactKey) -> Manifest:
        """Return the current manifest of an artifact, or raise NotStored naming the command that makes it."""
        manifest = self.current(artifact)
        if manifest is None:
            raise NotStored(f"{artifact} is not stored. {make(artifact)}")
        return manifest

    def get(self, manifest_id: str) -> Manifest:
        """Return a manifest, current or earlier, or raise NotStored when it is gone."""
        found = self.select(table.c.id == manifest_id)
        if not found:
            raise NotStored(f"Manifest {manifest_id} is gone from {self.database}. {BACKUP}")
        return found[manifest_id]

    def select(self, *conditions: sa.ColumnElement[bool]) -> dict[str, Manifest]:
        """Return the manifests for which conditions on the table hold, by id, the oldest first.

        DataError is raised when one is not what was recorded.
        """
        return {row.id: read_manifest(row, self.database) for row in self.rows(*conditions)}

    def rows(self, *conditions: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
        """Return the rows of the table for which conditions hold, the oldest first, as they are found."""
        with self.database.reading() as connection:
            return connection.execute(sa.select(table).where(*conditions).order_by(table.c.stored_at)).all()

    def versions(self, model: str) -> dict[str, str]:
        """Return the current version of every artifact of a model, by the artifact's name."""
        rows = self.rows(table.c.model == model, table.c.superseded_at.is_(None))
        return {f"{row.model}/{row.asset}/{row.partition}": row.version for row in rows}

    def partitions(self, model: str, asset: str) -> list[str]:
        """Return the keys of the stored partitions of an asset, in order."""
        found = self._distinct(table.c.partition, table.c.model == model, table.c.asset == asset)
        return [partition for partition in found if partition != WHOLE]

    def assets(self, model: str) -> list[str]:
        """Return the assets of which something is stored, in order."""
        return self._distinct(table.c.asset, table.c.model == model)

    def models(self) -> list[str]:
        """Return the models of which something is stored, in order."""
        return self._distinct(table.c.model)

    def _distinct(self, column: sa.Column[str], *conditions: sa.ColumnElement[bool]) -> list[str]:
        with self.database.reading() as connection:
            return sorted(connection.scalars(sa.select(column).distinct().where(*conditions)))

    def commit(
        self,
        artifact: ArtifactKey,
        manifest: Manifest,
        *,
        relies_on: Mapping[str, str] | None = None,
        store: Callable[[sa.Connection, bool], None],
    ) -> Manifest:
        """Make a manifest the current one of its artifact, in one transaction with what `store` writes.

        The same content made from the same inputs keeps the manifest that it had before, so the run that made it first
        stays. Storing it again repairs a damaged manifest. `store` is told whether `vacuum` had removed this version.
        """
        with self.database.writing(str(artifact)) as connection:
            origins = _origins(connection, {**manifest.inputs, **(relies_on or {})})
            manifest = manifest.model_copy(update={"origins": origins, "code": self.code})
            version = (*is_of(artifact), table.c.version == manifest.version)
            before = connection.execute(sa.select(table).where(*version).order_by(table.c.stored_at)).all()
            manifest = _same(before, manifest, self.database) or manifest
            manifest_id, now = id_of(manifest), datetime.now(tz=UTC)
            others = (*is_of(artifact), table.c.superseded_at.is_(None), table.c.id != manifest_id)
            connection.execute(sa.update(table).where(*others).values(superseded_at=now))
            connection.execute(sa.update(table).where(*version).values(removed_at=None))
            row = {**columns_of(manifest), "id": manifest_id, "stored_at": now, "superseded_at": None}
            upsert(connection, table, row, keep=["stored_at"])
            connection.execute(sa.delete(inputs).where(inputs.c.manifest_id == manifest_id))
            if rows := inputs_of(manifest):
                connection.execute(sa.insert(inputs), [{"manifest_id": manifest_id, **row} for row in rows])
            store(connection, any(row.removed_at is not None for row in before))
        return manifest


def id_of(manifest: Manifest) -> str:
    """Return the id of a manifest."""
    return _id(_content(manifest))


def is_of(artifact: ArtifactKey) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions under which a row of the table is of an artifact."""
    partition = artifact.partition or WHOLE
    return table.c.model == artifact.model, table.c.asset == artifact.asset, table.c.partition == partition


def columns_of(manifest: Manifest) -> dict[str, Any]:
    """Return the columns of a manifest's row that repeat or hold its content."""
    artifact = manifest.key
    return {
        "model": artifact.model,
        "asset": artifact.asset,
        "partition": artifact.partition or WHOLE,
        "version": manifest.version,
        "n_rows": manifest.n_rows,
        "content": _content(manifest),
    }


def inputs_of(manifest: Manifest) -> list[dict[str, str | None]]:
    """Return the rows of the table of inputs that repeat a manifest's content."""
    names = sorted({*manifest.inputs, *manifest.origins})
    return [{"name": n, "version": manifest.inputs.get(n), "origin": manifest.origins.get(n)} for n in names]


def read_manifest(row: sa.Row[Any], database: Database) -> Manifest:
    """Return the manifest of a row, or raise DataError when the row is not what was recorded."""
    what = f"Manifest {row.id} of {row.model}/{row.asset}/{row.partition} in {database}"
    if (found := _id(row.content)) != row.id:
        raise DataError(f"{what} is not what was recorded: its content has the digest {found}. {BACKUP}")
    try:
        manifest = Manifest.model_validate_json(row.content)
    except ValidationError as error:
        raise DataError(f"{what} was written by another version of the platform: {error}") from error
    if changed := [name for name, value in columns_of(manifest).items() if row._mapping[name] != value]:
        raise DataError(f"{what} is not what was recorded: {', '.join(changed)} differ from its content. {BACKUP}")
    return manifest


def _content(manifest: Manifest) -> str:
    return to_json(manifest.model_dump()).decode()


def _id(content: str) -> str:
    return digest(content.encode())[:ID_LENGTH]


def _same(rows: Iterable[sa.Row[Any]], manifest: Manifest, database: Database) -> Manifest | None:
    """Return the manifest among rows of its version that was made from the same inputs, or None."""
    for row in rows:
        with suppress(DataError):  # a damaged one is written anew
            before = read_manifest(row, database)
            if before.inputs == manifest.inputs:
                return before
    return None


def _origins(connection: sa.Connection, versions: Mapping[str, str]) -> dict[str, str]:
    """Return the manifest id of each input that is stored here: of the current one, when it has that version."""
    artifacts = {name: artifact for name in versions if (artifact := ArtifactKey.parse(name))}
    if not artifacts:
        return {}
    wanted = [versions[name] for name in artifacts]
    order = (table.c.superseded_at.is_(None).desc(), table.c.stored_at)
    found: dict[tuple[str, str], str] = {}
    for row in connection.execute(sa.select(table).where(table.c.version.in_(wanted)).order_by(*order)):
        found.setdefault((f"{row.model}/{row.asset}/{row.partition}", row.version), row.id)
    ids = {name: found.get((str(artifact), versions[name])) for name, artifact in artifacts.items()}
    return {name: manifest_id for name, manifest_id in ids.items() if manifest_id is not None}
