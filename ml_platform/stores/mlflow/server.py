"""Reaching MLflow, or saying within seconds why not: its own clients try again for minutes."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import mlflow.db
import mlflow.store.db.utils
import sqlalchemy as sa
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from ml_platform.errors import RegistryUnavailable
from ml_platform.stores.files import locked
from ml_platform.stores.mlflow.addresses import is_server, masked, sqlite_file
from ml_platform.stores.mlflow.environment import changed, set_defaults

IMPATIENT = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
}
"""For the first request to a server, which only asks whether it is there."""

CONNECT_TIMEOUT_SECONDS = 5

LOCK = 7_240_520
"""Number of PostgreSQL's lock that one process at a time holds while it makes MLflow's tables."""

UNREACHABLE = ("failed with exception", "Max retries exceeded", "too many 5")
"""What MLflow's HTTP client says when no answer came; it has no error code of its own for it."""


@contextmanager
def without_its_own_warnings() -> Iterator[None]:
    """Silence warnings about MLflow 3.17's own code; nobody here can act on them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*Any type hint is inferred as AnyType")
        warnings.filterwarnings("ignore", message="The ``noload`` loader strategy is deprecated")
        yield


def reach(uri: str) -> None:
    """Return when the database or server answers. An SQLite database is made and brought up to date first.

    RegistryUnavailable is raised within seconds, naming the address (password masked) and what to do.
    """
    set_defaults()
    scheme = urlsplit(uri).scheme
    if scheme == "sqlite":
        _reach_sqlite(uri)
    elif is_server(uri):
        _reach_server(uri)
    else:
        _reach_database(uri)


@contextmanager
def clear_errors(uri: str) -> Iterator[None]:
    """Raise RegistryUnavailable for all of MLflow's ways to say that nobody answers, or that access is rejected."""
    try:
        yield
    except MlflowException as error:
        if error.error_code in ("UNAUTHENTICATED", "PERMISSION_DENIED"):
            raise RegistryUnavailable(f"MLflow at {masked(uri)} rejects access: {_short(error)}") from None
        if error.error_code == "TEMPORARILY_UNAVAILABLE" or any(words in str(error) for words in UNREACHABLE):
            raise _unavailable(uri, error) from None
        raise


def _reach_sqlite(uri: str) -> None:
    """Migrate under a lock: MLflow's own migration fails when two processes meet a fresh database."""
    file = sqlite_file(uri)
    if file is None:
        raise RegistryUnavailable(f"'{uri}' names no file: MLflow's SQLite address is sqlite:///path/to/mlflow.db")
    try:
        with locked(file.with_name(f"{file.name}.lock")):
            _reach_database(uri)
            _migrate(uri)
    except OSError as error:
        raise _unavailable(uri, error) from None


def _migrate(uri: str) -> None:
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)  # it announces every look at the schema
    with without_its_own_warnings():
        mlflow.db.upgrade.callback(uri)  # what `mlflow db upgrade` runs


def _reach_database(uri: str) -> None:
    """Connect once: MLflow's own engine tries ten times, for over a minute."""
    scheme = urlsplit(uri).scheme
    options = {"timeout" if scheme == "sqlite" else "connect_timeout": CONNECT_TIMEOUT_SECONDS}
    try:
        engine = sa.create_engine(uri, connect_args=options, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            is_empty = not sa.inspect(connection).get_table_names()
            if is_empty and engine.dialect.name == "postgresql":
                _fill_postgres(connection, uri)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise _unavailable(uri, error) from None


def _fill_postgres(connection: sa.Connection, uri: str) -> None:
    """Make MLflow's tables in an empty database, one process at a time; tables of another release are left alone."""
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if not sa.inspect(connection).get_table_names():
        _migrate(uri)


def _reach_server(uri: str) -> None:
    with clear_errors(uri), changed(IMPATIENT):
        MlflowClient(uri, uri).search_experiments(max_results=1)


def _unavailable(uri: str, error: Exception) -> RegistryUnavailable:
    return RegistryUnavailable(
        f"MLflow at {masked(uri)} cannot be reached: {_short(error)}. "
        "Start it, or set MLFLOW_TRACKING_URI to where it is; nothing was changed, and the run can be repeated"
    )


def _short(error: Exception) -> str:
    """Return the innermost reason on one line."""
    text = masked(" ".join(str(error).split()))
    reason = re.search(r"(?:Caused by|OperationalError\)|DatabaseError\)) *\(?(.{1,200})", text)
    return (reason.group(1) if reason else text)[:200].removesuffix(".")
