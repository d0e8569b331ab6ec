"""The hash and size of every object that the platform has put into the object store."""

import hashlib
from typing import NamedTuple

import sqlalchemy as sa

from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import objects as table


class RecordedObject(NamedTuple):
    """An object as it was put."""

    sha256: str
    n_bytes: int


def record_object(connection: sa.Connection, key: str, content: bytes) -> None:
    """Record an object that was put under a key."""
    row = {"key": key, "sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
    upsert(connection, table, row)


def forget_object(connection: sa.Connection, key: str) -> None:
    """Remove the record of an object."""
    connection.execute(sa.delete(table).where(table.c.key == key))


def recorded_sha256(database: Database, key: str) -> str | None:
    """Return the hash that is recorded of an object, or None."""
    with database.reading() as connection:
        found: str | None = connection.scalar(sa.select(table.c.sha256).where(table.c.key == key))
        return found


def recorded_objects(database: Database, prefix: str) -> dict[str, RecordedObject]:
    """Return what is recorded of the objects below a prefix, by key."""
    query = sa.select(table).where(table.c.key.startswith(f"{prefix}/", autoescape=True)).order_by(table.c.key)
    with database.reading() as connection:
        return {row.key: RecordedObject(row.sha256, row.n_bytes) for row in connection.execute(query)}
