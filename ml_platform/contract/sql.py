"""SQL rules run in DuckDB: in memory, without access to files, network or extensions, and with its settings locked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
from open_data_contract_standard.model import DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.result import CompiledCheck, Outcome, Results
from ml_platform.contract.table_rule import Limit, Place, TableRule, read_common, read_limit, shown
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

SETTINGS: Mapping[str, str | bool | int] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "threads": 1,  # sums of floats in one order
}
TYPES: Mapping[str, str] = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}
"""Logical type → the type that a query sees, where it is of another name."""
TABLE_WORDS = ("table", "model", "object")
COLUMN_WORDS = ("column", "field", "property")
_PLACEHOLDER = re.compile(r'"?\$?\{(\w+)\}"?')


@dataclass(frozen=True, kw_only=True)
class SqlRule(TableRule):
    """What the one value that a query yields must be."""

    query: str
    limit: Limit

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Run the query when all expectations have been."""

        def interpret(results: Results) -> Outcome:
            try:
                value = run_query(self.query, table.to_arrow(self.tables))
            except ContractError as error:
                return table.rule_outcome(self, False, 0, f"{error}")
            passed = value is not None and self.limit.holds(value)
            return table.rule_outcome(self, passed, 0, f"the query yields {shown(value)}, which must {self.limit}.")

        return CompiledCheck(self, (), interpret)


def read_query(rule: DataQuality, place: Place) -> SqlRule:
    """Return the rule; a query on its own table alone is bound to the columns of the contract."""
    place = place.within("sql")
    query = _fill(rule.query or "", place)
    cursor = _database().cursor()
    ((serialized,),) = cursor.execute("SELECT json_serialize_sql(?)", [query]).fetchall()
    parsed = json.loads(serialized)
    if parsed["error"]:
        raise ContractError(f"{place.where}: the query cannot be run: {parsed['error_message']}: {query.strip()}")
    if (found := len(parsed["statements"])) != 1:
        raise ContractError(f"{place.where}: must be one SELECT, found {found}: {query.strip()}")
    others = tuple(sorted(set(_tables(parsed)) - {place.table}))
    if not others:
        _bind(cursor, query, place)
    limit = read_limit(rule, place.where, numeric=False)
    says = f"The query must yield what must {limit}: {' '.join(query.split())}"
    return SqlRule(**read_common(rule, place, says), query=query, limit=limit, tables=others)


def run_query(query: str, tables: Mapping[str, Any]) -> Any:
    """Return the one value that a query yields on these Arrow tables; None when it is missing."""
    cursor = _database().cursor()
    try:
        for name, table in tables.items():
            cursor.register(name, table)
        rows = cursor.execute(query).fetchmany(2)
    except duckdb.Error as error:
        raise ContractError(f"the query could not be run: {error}") from error
    if len(rows) != 1 or len(rows[0]) != 1:
        raise ContractError(f"the query must yield one value, not {len(rows[0]) if rows else 0} columns of rows")
    value = rows[0][0]
    return float(value) if isinstance(value, Decimal) else value


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Return an empty database, of which each query gets a cursor: to open one takes 20 ms.

    What is registered or created as TEMP at one cursor is seen by no other.
    """
    database = duckdb.connect(":memory:", config=dict(SETTINGS))
    database.execute("SET GLOBAL TimeZone = 'UTC'")
    database.execute("SET lock_configuration = true")
    return database


def _fill(query: str, place: Place) -> str:
    names = dict.fromkeys(TABLE_WORDS, place.table)
    if place.column:
        names |= dict.fromkeys(COLUMN_WORDS, place.column)

    def name(found: re.Match[str]) -> str:
        if found.group(1) not in names:
            known = did_you_mean(found.group(1), names)
            raise ContractError(f"{place.where}: nothing stands for '{found.group(0)}' here. {known}")
        return _quoted(names[found.group(1)])

    return _PLACEHOLDER.sub(name, query)


def _quoted(name: str) -> str:
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


def _bind(cursor: duckdb.DuckDBPyConnection, query: str, place: Place) -> None:
    columns = ", ".join(f"{_quoted(name)} {TYPES.get(type_, type_)}" for name, type_ in place.types.items())
    try:
        cursor.execute(f"CREATE TEMP TABLE {_quoted(place.table)} ({columns})")
        cursor.execute(f"EXPLAIN {query}").fetchall()
    except duckdb.Error as error:
        raise ContractError(f"{place.where}: the query cannot be run: {error}") from error
