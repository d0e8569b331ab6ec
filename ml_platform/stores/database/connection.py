"""Connections to the database: one engine per process and database, transactions, and errors that name it."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ml_platform.errors import DataError, StoreUnavailable
from ml_platform.stores.database.schema import REVISION, found_revision
from ml_platform.stores.files import locked

BUSY_SECONDS = 30
"""How long a writer of SQLite waits for another one."""

_opened: dict[tuple[int, str], tuple[Any, sa.Engine]] = {}
"""By process, since a forked one must not use its parent's connections."""
_opening = threading.Lock()


@dataclass(frozen=True)
class Database:
    """The database at a URL. Opening it makes or upgrades its tables."""

    url: str

    def __str__(self) -> str:
        return self._parsed.render_as_string(hide_password=True) if self._file is None else str(self._file)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that sees one state of the database."""
        with self._errors(), self._engine().connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, name: str) -> Iterator[sa.Connection]:
        """Open a transaction that holds out the other writers of what has this name, on every machine.

        It is committed durably at the end of the ``with`` block, or leaves nothing.
        """
        with self._errors(), self._engine().connect() as connection:
            connection.execution_options(**WRITES)
            with connection.begin():
                if connection.dialect.name == "postgresql":
                    lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
                    connection.execute(lock, {"name": name})
                yield connection

    @cached_property
    def _parsed(self) -> sa.URL:
        try:
            url = sa.make_url(self.url)
        except sa.exc.ArgumentError:
            url = None
        if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreUnavailable(
                "The database's URL has to begin with sqlite:///<path> or postgresql://<host>/<name>"
            )
        return url

    @cached_property
    def _file(self) -> Path | None:
        return Path(self._parsed.database or "") if self._parsed.get_backend_name() == "sqlite" else None

    def _engine(self) -> sa.Engine:
        """Return the engine of this process; another one after the file was replaced."""
        key = (os.getpid(), self.url)
        with _opening:
            identity, engine = _opened.get(key, (None, None))
            if engine is None or identity != self._identity():
                if engine is not None:
                    engine.dispose()
                engine = self._open()
                _opened[key] = (self._identity(), engine)
            return engine

    def _identity(self) -> Any:
        """Return what changes when `make clean` or a restored backup has put another file in a file's place."""
        if self._file is None or not self._file.exists():
            return None
        found = self._file.stat()
        return found.st_dev, found.st_ino

    def _open(self) -> sa.Engine:
        file = self._file
        if file is None:
            engine = sa.create_engine(self._parsed.set(drivername="postgresql+psycopg2"), pool_pre_ping=True)
            _upgrade_if_needed(engine)
            return engine
        engine = sa.create_engine(self.url, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _configure_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        if not file.exists() or not _is_current(engine):
            with locked(file.with_name(f"{file.name}.lock")):  # SQLite does not wait where WAL is switched on
                _upgrade_if_needed(engine)
        return engine

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.InterfaceError, OSError) as error:
            reason = error.orig if isinstance(error, sa.exc.DBAPIError) else error
            raise StoreUnavailable(f"The database {self} does not answer as it should: {reason}") from error
        except sa.exc.DatabaseError as error:
            if type(error) is not sa.exc.DatabaseError:  # one of its kinds, such as a constraint: a fault of ours
                raise
            raise DataError(f"The database {self} is damaged: {error.orig}. Restore it from a backup") from error


WRITES = {"ml_platform_begin": "BEGIN IMMEDIATE"}
"""Option of a connection: on SQLite its transactions take the writer's lock at once."""


def upsert(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any], *, keep: Sequence[str] = ()) -> None:
    """Write a row; the one with its primary key is replaced, except for the columns to `keep`."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(row), tuple(keep)), row)


@lru_cache
def _upsert(dialect: str, table: sa.Table, names: tuple[str, ...], keep: tuple[str, ...]) -> sa.Insert:
    """Return the statement, which takes longer to build than to run."""
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    keys = [column.name for column in table.primary_key]
    others = {name: statement.excluded[name] for name in names if name not in (*keys, *keep)}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def _is_current(engine: sa.Engine) -> bool:
    with engine.connect() as connection:
        return found_revision(connection) == REVISION


def _upgrade_if_needed(engine: sa.Engine) -> None:
    from ml_platform.stores.database.upgrade import upgrade

    if _is_current(engine):
        return
    with engine.connect() as connection:
        connection.execution_options(**WRITES)
        with connection.begin():
            upgrade(connection)


def _configure_sqlite(connection: Any, _record: Any) -> None:
    """Commit to a log beside the file, so that readers do not wait; flush every commit, so that none is lost."""
    connection.isolation_level = None  # this file begins transactions, not the driver
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: sa.Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("ml_platform_begin", "BEGIN"))
