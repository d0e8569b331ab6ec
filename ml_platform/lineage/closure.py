"""Upstream and downstream of a manifest, followed in the database over any number of steps."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import inputs


def upstream(manifest_id: str) -> sa.Select[tuple[str]]:
    """Return the query for the ids of all manifests that a manifest was made from, over any number of steps."""
    first = sa.select(inputs.c.origin).where(inputs.c.manifest_id == manifest_id, inputs.c.origin.is_not(None))
    found = first.cte("upstream", recursive=True)
    further = sa.select(inputs.c.origin).join(found, inputs.c.manifest_id == found.c.origin)
    found = found.union(further.where(inputs.c.origin.is_not(None)))
    return sa.select(found.c.origin)


def downstream(database: Database, starts: Collection[str]) -> dict[str, set[str]]:
    """Return every manifest id that was made from one of `starts`, these included, with those that it was made from."""
    first = sa.select(inputs.c.manifest_id, inputs.c.origin.label("start")).where(inputs.c.origin.in_(starts))
    found = first.cte("downstream", recursive=True)
    further = sa.select(inputs.c.manifest_id, found.c.start).join(found, inputs.c.origin == found.c.manifest_id)
    found = found.union(further)
    reached: dict[str, set[str]] = defaultdict(set)
    for start in starts:
        reached[start].add(start)
    with database.reading() as connection:
        for manifest_id, start in connection.execute(sa.select(found.c.manifest_id, found.c.start)):
            reached[manifest_id].add(start)
    return dict(reached)
