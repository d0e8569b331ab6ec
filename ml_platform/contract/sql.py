"""SQL rules run in DuckDB: in memory, without access to files, network or extensions, and with its settings locked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import duckdb

from ml_platform.choices import did_you_mean
from ml_platform.errors import ContractError

SETTINGS: Mapping[str, str | bool | int] = MappingProxyType(
    {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
        "threads": 1,  # sums of floats in one order
    }
)
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string": "VARCHAR",
        "integer": "BIGINT",
        "number": "DOUBLE",
        "boolean": "BOOLEAN",
        "timestamp": "TIMESTAMP",
        "date": "DATE",
        "time": "TIME",
    }
)
"""Logical type → the type that a query sees; a timestamp with a time zone is ``timestamptz``."""
TABLE_WORDS = ("table", "model", "object")
COLUMN_WORDS = ("column", "field", "property")
_PLACEHOLDER = re.compile(r'"?\$?\{(\w+)\}"?')


def read_query(
    query: str, table: str, column: str | None, types: Mapping[str, str], where: str
) -> tuple[str, tuple[str, ...]]:
    """Return a query with its placeholders filled, and the other tables that it reads.

    A query on its own table alone is bound to the columns of the contract.

    Raises
    ------
    ContractError
        When it is not one SELECT, has an unknown placeholder, or names a column that there is not.
    """
    filled = _fill(query, table, column, where)
    connection = connect()
    parsed = json.loads(_one(connection.execute("SELECT json_serialize_sql(?)", [filled]).fetchone()))
    if parsed["error"]:
        raise ContractError(f"{where}: the query cannot be run: {parsed['error_message']}: {query.strip()}")
    if len(parsed["statements"]) != 1:
        raise ContractError(f"{where}: must be one SELECT, found {len(parsed['statements'])}: {query.strip()}")
    others = tuple(sorted(set(_tables(parsed)) - {table}))
    if not others:
        _bind(connection, filled, table, types, where)
    return filled, others


def run_query(query: str, tables: Mapping[str, Any]) -> Any:
    """Return the one value that a query yields on these Arrow tables; None when it is missing.

    Raises
    ------
    ContractError
        When the query fails or does not yield one value.
    """
    connection = connect()
    try:
        for name, table in tables.items():
            connection.register(name, table)
        rows = connection.execute(query).fetchmany(2)
    except duckdb.Error as error:
        raise ContractError(f"the query could not be run: {error}") from error
    if len(rows) != 1 or len(rows[0]) != 1:
        raise ContractError(f"the query must yield one value, not {len(rows[0]) if rows else 0} columns of rows")
    value = rows[0][0]
    return float(value) if isinstance(value, Decimal) else value


def connect() -> duckdb.DuckDBPyConnection:
    """Return an empty database in memory from which nothing outside can be reached."""
    connection = duckdb.connect(":memory:", config=dict(SETTINGS))
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET lock_configuration = true")
    return connection


def _fill(query: str, table: str, column: str | None, where: str) -> str:
    names = dict.fromkeys(TABLE_WORDS, table) | (dict.fromkeys(COLUMN_WORDS, column) if column else {})

    def name(found: re.Match[str]) -> str:
        if found.group(1) not in names:
            known = did_you_mean(found.group(1), names)
            raise ContractError(f"{where}: nothing stands for '{found.group(0)}' here. {known}")
        return quoted(str(names[found.group(1)]))

    return _PLACEHOLDER.sub(name, query)


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def _tables(node: Any, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the tables that a parsed query reads, but for the ones that it defines (WITH)."""
    if isinstance(node, list):
        for one in node:
            yield from _tables(one, known)
    elif isinstance(node, dict):
        known |= {entry["key"] for entry in (node.get("cte_map") or {}).get("map", [])}
        if node.get("type") == "BASE_TABLE" and node["table_name"] not in known:
            yield node["table_name"]
        for one in node.values():
            yield from _tables(one, known)


def _bind(connection: duckdb.DuckDBPyConnection, query: str, table: str, types: Mapping[str, str], where: str) -> None:
    columns = ", ".join(f"{quoted(name)} {TYPES.get(type_, type_)}" for name, type_ in types.items())
    try:
        connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
        connection.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        raise ContractError(f"{where}: the query cannot be run: {error}") from error


def _one(row: tuple[Any, ...] | None) -> Any:
    assert row is not None
    return row[0]
