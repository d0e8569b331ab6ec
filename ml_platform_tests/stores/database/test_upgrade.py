"""A database is brought to the newest tables; one of a newer platform is left alone."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from ml_platform.errors import StoreUnavailable
from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import REVISION, REVISION_TABLE, found_revision
from ml_platform.stores.database.upgrade import upgrade


def test_a_database_that_is_up_to_date_stays_as_it_is(database_url: str) -> None:
    database = Database(database_url)
    with database.writing("test") as connection:
        assert found_revision(connection) == REVISION
        upgrade(connection)
        assert found_revision(connection) == REVISION


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
