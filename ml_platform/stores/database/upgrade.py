"""Bringing the tables of a database up to the ones that this platform knows, also when several processes do so."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from ml_platform.errors import StoreUnavailable
from ml_platform.stores.database.schema import REVISION, found_revision

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_240_519
"""Number of PostgreSQL's lock that one upgrade at a time holds."""


def upgrade(connection: sa.Connection) -> None:
    """Run the missing migrations in the transaction of a connection: all of them, or none when it is killed.

    SQLite's transaction holds out other writers; on PostgreSQL a lock does.

    StoreUnavailable is raised when a newer platform has made the tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = found_revision(connection)
    if found is not None and found not in known:
        raise StoreUnavailable(
            f"The database is at revision {found}, and this platform knows {', '.join(sorted(known))}: "
            "a newer platform has made it. Install that one"
        )
    command.upgrade(config, REVISION)
