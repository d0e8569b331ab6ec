"""Manifests with their inputs, documents, objects, and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "manifests",
        sa.Column("id", sa.String(32), primary_key=True, comment="digest of `content`"),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("asset", sa.Text, nullable=False),
        sa.Column("partition", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("n_rows", sa.BigInteger, comment="null for a document"),
        sa.Column("content", sa.Text, nullable=False, comment="the manifest as JSON"),
        sa.Column("stored_at", sa.DateTime, nullable=False),
        sa.Column("superseded_at", sa.DateTime, comment="null for the current manifest of its artifact"),
        sa.Column("removed_at", sa.DateTime, comment="when `vacuum` removed the content of this version"),
    )
    op.create_index("manifests_artifact", "manifests", ["model", "asset", "partition"])
    op.create_index("manifests_version", "manifests", ["version"])
    current = sa.text("superseded_at IS NULL")
    op.create_index(
        "manifests_one_is_current",
        "manifests",
        ["model", "asset", "partition"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_table(
        "inputs",
        sa.Column("manifest_id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True, comment="an artifact, a file, or a part of the definition"),
        sa.Column("version", sa.Text, comment="null for what the artifact relies on without being computed from it"),
        sa.Column("origin", sa.String(32), comment="manifest of the input, where it is stored here"),
    )
    op.create_index("inputs_origin", "inputs", ["origin"])
    op.create_index("inputs_version", "inputs", ["name", "version"])
    op.create_table(
        "documents",
        sa.Column("version", sa.String(64), primary_key=True, comment="digest of `content`"),
        sa.Column("content", sa.Text, nullable=False, comment="the document as JSON"),
    )
    op.create_table(
        "objects",
        sa.Column("key", sa.Text, primary_key=True, comment="key in the object store"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("n_bytes", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.Text, nullable=False, comment="the entry as JSON"),
        sa.Column("seal", sa.String(64), nullable=False, comment="digest of `content` and of the seal before"),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("n_entries", sa.Integer, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False, comment="of the last entry"),
        sa.Column("champion", sa.Text, comment="version in the registry; null before the first promotion"),
    )
