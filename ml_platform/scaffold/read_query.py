"""Read the rows of a SQL query: from DuckDB by itself, from SQLite and PostgreSQL through SQLAlchemy, read-only."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError, WrongCall

DATABASES = ("duckdb", "sqlite", "postgresql", "postgres")
DRIVERS = {"postgresql": "postgresql+psycopg2", "postgres": "postgresql+psycopg2"}
FILES = ("duckdb", "sqlite")


def is_url(source: str) -> bool:
    """Return whether a text names a database and not a file."""
    return "://" in source


def without_password(url: str) -> str:
    """Return the address of a database with ``***`` in place of its password, and a file's name without its folder."""
    parsed = _parse(url)
    if parsed.drivername in FILES and parsed.database:
        parsed = parsed.set(database=Path(parsed.database).name)
    return parsed.render_as_string(hide_password=True)


def read_query(url: str, query: str | None) -> tuple[str, pa.Table]:
    """Return a name of the database without its password, and the rows of the query.

    WrongCall is raised for a database that is not known and without a query, DataError when it fails.
    """
    parsed = _parse(url)
    name = parsed.render_as_string(hide_password=True)
    kind = parsed.get_backend_name() if parsed.drivername not in DATABASES else parsed.drivername
    if kind not in DATABASES:
        raise WrongCall(f"--from {name}: databases of kind '{kind}' cannot be read. {did_you_mean(kind, DATABASES)}")
    if kind in FILES and not Path(parsed.database or "").is_file():
        raise WrongCall(f"--from {name}: there is no file {parsed.database or '(none is named)'}")
    if not query:
        raise WrongCall(f"--from {name} is a database: say what to read. --query 'SELECT * FROM table'")
    table = _duckdb(str(parsed.database), query, name) if kind == "duckdb" else _sqlalchemy(parsed, kind, query, name)
    if not table.num_rows:
        raise DataError(f"--from {name}: the query returns {table.num_columns} columns and no rows")
    return name, table


def _parse(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except ArgumentError:
        raise WrongCall("--from: no address of a database. One looks like sqlite:///shop.db") from None


def _duckdb(file: str, query: str, name: str) -> pa.Table:
    import duckdb

    try:
        with duckdb.connect(file, read_only=True) as connection:
            found = connection.sql(query)
            if found is None:
                raise DataError(f"--from {name}: the query returns no rows. It must be a SELECT")
            return found.to_arrow_table()
    except duckdb.Error as error:
        raise DataError(f"--from {name}: {_first_line(error)}") from error


def _sqlalchemy(url: sa.URL, kind: str, query: str, name: str) -> pa.Table:
    if kind == "sqlite":
        engine = sa.create_engine(f"sqlite:///file:{url.database}?mode=ro&uri=true", poolclass=sa.NullPool)
    else:
        engine = sa.create_engine(url.set(drivername=DRIVERS[kind]), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            if kind != "sqlite":
                connection.execution_options(postgresql_readonly=True)
            result = connection.execute(sa.text(query))
            if not result.returns_rows:
                raise DataError(f"--from {name}: the query returns no rows. It must be a SELECT")
            names, rows = list(result.keys()), result.fetchall()
    except SQLAlchemyError as error:
        raise DataError(f"--from {name}: {_first_line(getattr(error, 'orig', None) or error)}") from error
    if len(set(names)) < len(names):
        raise DataError(f"--from {name}: the query names a column twice: {', '.join(names)}. Rename it with AS")
    columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True)) or [() for _ in names]
    return pa.table(
        {
            column: _array(values, f"--from {name}: column '{column}'")
            for column, values in zip(names, columns, strict=True)
        }
    )


def _array(values: tuple[Any, ...], where: str) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, OverflowError) as error:
        why = f"holds values of different types: {_first_line(error)}"
        raise DataError(f"{where} {why}. Use CAST in the query") from error


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0]
