"""The migrations make exactly the tables of the schema, all of them or none."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ml_platform.errors import StoreUnavailable
from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import REVISION, REVISION_TABLE, metadata
from ml_platform.stores.database.upgrade import MIGRATIONS


def test_the_migrations_make_the_tables_of_the_schema(database_url: str) -> None:
    with Database(database_url).reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_the_schema_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_migration_that_fails_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError, match="power"), Database(database_url).reading():
            pass
    with Database(database_url).reading() as connection:
        assert sa.inspect(connection).has_table("ledger_heads")


def test_a_database_of_a_newer_platform_is_not_touched(database_url: str) -> None:
    database = Database(database_url)
    with database.writing("test") as connection:
        connection.execute(sa.text(f"UPDATE {REVISION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match=r"revision 9999.*a newer platform has made it"), _fresh(database):
        pass


def _fresh(database: Database) -> sa.Connection:
    """Open the database as another process does."""
    from ml_platform.stores.database import connection

    connection._opened.pop((os.getpid(), database.url))[1].dispose()
    return database.reading()  # type: ignore[return-value]
