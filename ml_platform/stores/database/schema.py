"""The tables of the database. `migrations/` makes them; a test holds both against each other."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

REVISION = "0001"
"""The migration that makes these tables."""

REVISION_TABLE = "ml_platform_revision"
"""Where a database says at which migration it is: MLflow, which may share the database, uses Alembic's default name."""


class UtcTime(sa.TypeDecorator[datetime]):
    """A moment, kept as UTC without its zone, which SQLite has no type for."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the moment in UTC, without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the moment with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = sa.MetaData()

manifests = sa.Table(
    "manifests",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True, comment="digest of `content`"),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("asset", sa.Text, nullable=False),
    sa.Column("partition", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("n_rows", sa.BigInteger, comment="null for a document"),
    sa.Column("content", sa.Text, nullable=False, comment="the manifest as JSON"),
    sa.Column("stored_at", UtcTime, nullable=False),
    sa.Column("superseded_at", UtcTime, comment="null for the current manifest of its artifact"),
    sa.Column("removed_at", UtcTime, comment="when `vacuum` removed the content of this version"),
    sa.Index("manifests_artifact", "model", "asset", "partition"),
    sa.Index("manifests_version", "version"),
)
sa.Index(
    "manifests_one_is_current",
    manifests.c.model,
    manifests.c.asset,
    manifests.c.partition,
    unique=True,
    sqlite_where=manifests.c.superseded_at.is_(None),
    postgresql_where=manifests.c.superseded_at.is_(None),
)

inputs = sa.Table(
    "inputs",
    metadata,
    sa.Column("manifest_id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True, comment="an artifact, a file, or a part of the definition"),
    sa.Column("version", sa.Text, comment="null for what the artifact relies on without being computed from it"),
    sa.Column("origin", sa.String(32), comment="manifest of the input, where it is stored here"),
    sa.Index("inputs_origin", "origin"),
    sa.Index("inputs_version", "name", "version"),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("version", sa.String(64), primary_key=True, comment="digest of `content`"),
    sa.Column("content", sa.Text, nullable=False, comment="the document as JSON"),
)

objects = sa.Table(
    "objects",
    metadata,
    sa.Column("key", sa.Text, primary_key=True, comment="key in the object store"),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("n_bytes", sa.BigInteger, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.Text, nullable=False, comment="the entry as JSON"),
    sa.Column("seal", sa.String(64), nullable=False, comment="digest of `content` and of the seal before"),
)

ledger_heads = sa.Table(
    "ledger_heads",
    metadata,
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("n_entries", sa.Integer, nullable=False),
    sa.Column("seal", sa.String(64), nullable=False, comment="of the last entry"),
    sa.Column("champion", sa.Text, comment="version in the registry; null before the first promotion"),
)


def found_revision(connection: sa.Connection) -> str | None:
    """Return the migration that a database is at; None when it has no tables yet."""
    if not sa.inspect(connection).has_table(REVISION_TABLE):
        return None
    found: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {REVISION_TABLE}"))
    return found
