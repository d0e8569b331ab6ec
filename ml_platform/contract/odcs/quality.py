"""Reads the ``quality`` of a column or a table: one reader per type of rule, and no rule without a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from open_data_contract_standard.model import DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.odcs.expectations import read_expectation
from ml_platform.contract.odcs.metrics import ColumnMetrics, TableMetrics, read_column_metric, read_table_metric
from ml_platform.contract.odcs.rule import read_limit, rule_check, rule_description, severity
from ml_platform.contract.table_rules import ExpectationRule, SqlRule, TableRule
from ml_platform.errors import ContractError


@dataclass(frozen=True)
class Place:
    """Where a rule stands: the table, its columns with their logical types, and the column (None: on the table)."""

    table: str
    types: Mapping[str, str]
    column: str | None
    where: str


def read_column_quality(rules: Sequence[DataQuality], place: Place) -> ColumnMetrics:
    """Return what the quality rules of a column say.

    Raises
    ------
    ContractError
        When a rule cannot be run.
    """
    metrics = ColumnMetrics()
    for rule in rules:
        if _kind(rule, place.where) == "library":
            read_column_metric(rule, str(place.column), metrics, place.where)
        else:
            metrics.table_rules.append(READERS[str(rule.type)](rule, place))
    return metrics


def read_table_quality(rules: Sequence[DataQuality], place: Place) -> TableMetrics:
    """Return what the quality rules of a table say; one of them bounds its number of rows.

    Raises
    ------
    ContractError
        When a rule cannot be run, or no rowCount is stated.
    """
    metrics = TableMetrics()
    for rule in rules:
        if _kind(rule, place.where) == "library":
            read_table_metric(rule, tuple(place.types), metrics, place.where)
        else:
            metrics.table_rules.append(READERS[str(rule.type)](rule, place))
    if not metrics.n_row_counts:
        raise ContractError(f"{place.where}: needs a rowCount metric.")
    return metrics


def _kind(rule: DataQuality, where: str) -> str:
    kind = rule.type or "library"
    if kind != "library" and kind not in READERS:
        known = did_you_mean(kind, ["library", *READERS])
        raise ContractError(f"{where}: the platform cannot run a quality rule of type '{kind}'. {known}")
    for word in ("metric", "arguments", "query", "engine", "implementation"):
        if getattr(rule, word) is not None and word not in WORDS[kind]:
            raise ContractError(f"{where}: '{word}' is not for a quality rule of type '{kind}'.")
    return kind


def _sql(rule: DataQuality, place: Place) -> SqlRule:
    from ml_platform.contract.sql import read_query

    where = f"{place.where}, sql"
    query, tables = read_query(rule.query or "", place.table, place.column, place.types, where)
    limit = read_limit(rule, where, numeric=False)
    return SqlRule(
        check=rule_check(rule, place.column),
        column=place.column,
        severity=severity(rule, where),
        description=rule_description(rule, f"The query must yield what must {limit}: {' '.join(query.split())}"),
        query=query,
        limit=limit,
        tables=tables,
    )


def _custom(rule: DataQuality, place: Place) -> ExpectationRule:
    where = f"{place.where}, custom"
    name, arguments = read_expectation(rule, place.column, tuple(place.types), where)
    says = ", ".join(f"{word}={value!r}" for word, value in arguments.items())
    return ExpectationRule(
        check=rule_check(rule, place.column),
        column=place.column,
        severity=severity(rule, where),
        description=rule_description(rule, f"{name}({says})"),
        expectation=name,
        arguments=arguments,
    )


READERS: Mapping[str, Callable[[DataQuality, Place], TableRule]] = MappingProxyType({"sql": _sql, "custom": _custom})
"""Type of rule → its reader; rules of type library have two, for columns and for tables."""
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"library": ("metric", "arguments"), "sql": ("query",), "custom": ("engine", "implementation")}
)
"""Type of rule → the words that only it has."""
