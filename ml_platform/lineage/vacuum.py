"""Older versions of tables that nothing needs any more, and objects that killed writers have left.

Kept for ever are the current versions, the features and labels of every candidate in the ledger (also of the rejected:
their entry says what they were), all predictions, and the features that were scored. Documents and manifests are small,
and are what lineage is answered from: they are never removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ml_platform.errors import DataError
from ml_platform.lineage.upstream import PREDICTIONS
from ml_platform.stores.artifact import WHOLE, ArtifactKey
from ml_platform.stores.database.schema import inputs
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.objects import StoredObject
from ml_platform.stores.recorded_objects import recorded_objects
from ml_platform.stores.reports import PREFIX as REPORTS
from ml_platform.stores.stores import Stores
from ml_platform.stores.tables import PREFIX as TABLES


@dataclass(frozen=True)
class Removable:
    """An older version of a table that nothing needs."""

    artifact: ArtifactKey
    version: str
    where: str
    n_bytes: int
    superseded_at: datetime


def removable(stores: Stores, model: str, *, superseded_before: datetime) -> Iterator[Removable]:
    """Yield the versions of a model's tables that were superseded before a time, and that nothing needs.

    A damaged ledger or manifest of a candidate is a DataError: what is needed cannot be known then.
    """
    kept, sizes = needed(stores, model), recorded_objects(stores.database, f"{TABLES}/{model}")
    versions = (table.c.asset, table.c.partition, table.c.version)
    at = sa.func.max(table.c.superseded_at, type_=table.c.superseded_at.type).label("at")
    query = sa.select(*versions, at).where(table.c.model == model, table.c.n_rows.is_not(None))
    all_superseded = sa.func.count() == sa.func.count(table.c.superseded_at)
    query = query.group_by(*versions).having(all_superseded, sa.func.count(table.c.removed_at) == 0)
    with stores.database.reading() as connection:
        found = connection.execute(query.order_by(*versions)).all()
    for row in found:
        artifact = ArtifactKey(model, row.asset, None if row.partition == WHOLE else row.partition)
        stored = sizes.get(stores.tables.key(artifact, row.version))
        if row.at < superseded_before and (str(artifact), row.version) not in kept and stored is not None:
            where = stores.tables.where(artifact, row.version)
            yield Removable(artifact, row.version, where, stored.n_bytes, row.at)


def needed(stores: Stores, model: str) -> set[tuple[str, str]]:
    """Return artifact and version of every table that a candidate of the ledger or a prediction needs."""
    candidates = {entry.candidate for entry in stores.ledger(model).entries()} - {""}
    if missing := candidates - set(stores.manifests.select(table.c.id.in_(candidates))):
        raise DataError(f"Manifests of candidates in the ledger of '{model}' are gone: {', '.join(sorted(missing))}")
    predictions = (table.c.model == model, table.c.asset == PREDICTIONS)
    needing = inputs.c.manifest_id.in_(candidates) | inputs.c.manifest_id.in_(sa.select(table.c.id).where(*predictions))
    with stores.database.reading() as connection:
        made_from = connection.execute(sa.select(inputs.c.name, inputs.c.version).where(needing)).all()
    kept = {(manifest.artifact, manifest.version) for manifest in stores.manifests.select(*predictions).values()}
    return kept | {(row.name, row.version) for row in made_from}


def stray_objects(stores: Stores, model: str, *, put_before: datetime) -> Iterator[StoredObject]:
    """Yield the objects of a model that no manifest is of: a writer was killed before its manifest was stored."""
    for prefix in (f"{TABLES}/{model}", f"{REPORTS}/{model}"):
        recorded = recorded_objects(stores.database, prefix)
        for found in stores.objects.list(prefix):
            if found.key not in recorded and found.modified_at < put_before:
                yield found
