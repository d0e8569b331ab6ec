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
from ml_platform.contract.table_rule import Limit, Place, TableRule, hashed, read_common, read_limit, shown
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
    shows: tuple[str, ...] = ()
    """What the value may be made of, as far as the query names it; nothing of a count."""

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Run the query when all expectations have been."""

        personal = self._is_personal(table)

        def interpret(results: Results) -> Outcome:
            try:
                value = run_query(self.query, table.to_arrow(self.tables))
            except ContractError as error:
                said = "the query could not be run; its error may show personal values" if personal else f"{error}"
                return table.rule_outcome(self, False, 0, said)
            passed = value is not None and self.limit.holds(value)
            written = (hashed if personal else shown)(value)
            return table.rule_outcome(self, passed, 0, f"the query yields {written}, which must {self.limit}.")

        return CompiledCheck(self, (), interpret)

    def _is_personal(self, table: TypedTable) -> bool:
        """Return whether the value may show a personal column: by its name, or by one that is no column's."""
        columns = table.contract.columns
        personal = {name for name, column in columns.items() if column.personal}
        return bool(personal) and not set(self.shows) <= columns.keys() - personal


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
    shows = () if _counts(parsed) else tuple(sorted(set(_columns(parsed["statements"]))))
    return SqlRule(**read_common(rule, place, says), query=query, limit=limit, tables=others, shows=shows)


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


def _counts(parsed: Any) -> bool:
    """Return whether a parsed query yields a number of rows."""
    selected = parsed["statements"][0]["node"].get("select_list") or [{}]
    return selected[0].get("function_name") in ("count", "count_star")


def _columns(node: Any) -> Iterator[str]:
    """Yield the columns that a parsed query names, without their tables; ``*`` is one of them."""
    if isinstance(node, list):
        for one in node:
            yield from _columns(one)
    elif isinstance(node, dict):
        if node.get("class") == "STAR":
            yield "*"
        yield from (node.get("column_names") or ())[-1:]
        for one in node.values():
            yield from _columns(one)


def _bind(cursor: duckdb.DuckDBPyConnection, query: str, place: Place) -> None:
    columns = ", ".join(f"{_quoted(name)} {TYPES.get(type_, type_)}" for name, type_ in place.types.items())
    try:
        cursor.execute(f"CREATE TEMP TABLE {_quoted(place.table)} ({columns})")
        cursor.execute(f"EXPLAIN {query}").fetchall()
    except duckdb.Error as error:
        raise ContractError(f"{place.where}: the query cannot be run: {error}") from error
