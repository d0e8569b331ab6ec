"""The database itself, and the manifests in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa

from ml_platform.errors import DataError
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History, shown
from ml_platform.stores.artifact import ArtifactKey, make
from ml_platform.stores.database.schema import inputs
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.manifests import BACKUP, inputs_of, read_manifest
from ml_platform.stores.stores import Stores


def database_checks(stores: Stores) -> Iterator[Check]:
    """Yield the check of the database's own structure."""
    if stores.installation.database_url.startswith("sqlite"):
        yield Check("database", partial(_integrity, stores))


def manifest_checks(history: History) -> Iterator[Check]:
    """Yield the check of a model's manifests."""
    yield Check(f"manifests of {history.model}", partial(_manifests, history))


def _integrity(stores: Stores) -> Iterator[Difference]:
    with stores.database.reading() as connection:
        found = list(connection.scalars(sa.text("PRAGMA integrity_check")))
    if found != ["ok"]:
        yield Difference(str(stores.database), "a whole database", "; ".join(map(str, found)))


def _manifests(history: History) -> Iterator[Difference]:
    for row in history.rows:
        try:
            read_manifest(row, history.stores.database)
        except DataError as error:
            artifact = ArtifactKey.parse(f"{row.model}/{row.asset}/{row.partition}")
            run = make(artifact) if artifact and row.superseded_at is None else BACKUP
            yield Difference(_what(history, row.id), row.id, str(error), history.dependents([row.id]), run)
    yield from _without_current(history)
    yield from _links(history)


def _without_current(history: History) -> Iterator[Difference]:
    artifacts = {(row.asset, row.partition) for row in history.rows}
    current = {(row.asset, row.partition) for row in history.rows if row.superseded_at is None}
    for asset, partition in sorted(artifacts - current):
        name = f"{history.model}/{asset}/{partition}"
        artifact = ArtifactKey.parse(name)
        what = f"manifests of {name} in {history.stores.database}"
        run = make(artifact) if artifact else BACKUP
        yield Difference(what, "one that is current", "all are superseded", run=run)


def _links(history: History) -> Iterator[Difference]:
    """Find manifests that are gone, and links in the table of inputs that are not those of the manifests."""
    known, linked = {row.id for row in history.rows}, defaultdict(set)
    query = sa.select(inputs).join(table, table.c.id == inputs.c.manifest_id).where(table.c.model == history.model)
    with history.stores.database.reading() as connection:
        for row in connection.execute(query):
            linked[row.manifest_id].add((row.name, row.version, row.origin))
    for name, manifest in history.manifests.items():
        for origin in sorted(set(manifest.origins.values()) - known):
            yield Difference(_what(history, origin), origin, MISSING, (shown(manifest),))
        if linked[name] != {(row["name"], row["version"], row["origin"]) for row in inputs_of(manifest)}:
            what = f"inputs of manifest {name} in {history.stores.database}"
            yield Difference(what, "those of the manifest", "others", history.dependents([name]))


def _what(history: History, manifest_id: str) -> str:
    return f"manifest {manifest_id} in {history.stores.database}"
