"""The rules on a table as a whole. One table says how each kind is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import polars as pl
import pyarrow as pa

from ml_platform.contract.contract import ContractCheck
from ml_platform.contract.display import percent, shown, some
from ml_platform.contract.sql import run_query
from ml_platform.contract.table_rules import (
    AgeRule,
    CountRule,
    DuplicateRule,
    ExpectationRule,
    GapRule,
    ReferenceRule,
    RowCountRule,
    SqlRule,
    TableRule,
)
from ml_platform.contract.validation.checks import CompiledCheck, Outcome, Results, Subject, decided, unchecked
from ml_platform.contract.validation.columns import compile_rules
from ml_platform.contract.validation.expectations import Expectation, key_expectation
from ml_platform.contract.validation.given import Table, collected
from ml_platform.contract.validation.references import compile_reference
from ml_platform.contract.validation.service_levels import compile_age, compile_gap
from ml_platform.errors import ContractError


def compile_table_rule(rule: TableRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of a rule; without rows, or a column that it reads, it does not pass."""
    return unchecked(subject, check, rule.reads) or COMPILERS[type(rule)](rule, check, subject)


def _count(rule: CountRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    table, column = subject.table, str(rule.column)
    expectations, derived = compile_rules(rule.parts, rule.check, column, subject)

    def interpret(results: Results) -> Outcome:
        rows = sorted({row for result in results for row in result.rows})
        share = f"{percent(len(rows) / table.n_rows)}, " if rule.percent else ""
        text = f"{len(rows):,} of {table.n_rows:,} values of {column} are {rule.called} ({share}{_must(rule)})"
        passed = rule.limit.holds(_measured(len(rows), rule, subject))
        text += "" if passed or not rows else f": {table.examples([column], rows)}"
        return subject.rule_outcome(check, passed, len(rows), f"{text}.")

    return CompiledCheck(check, expectations, interpret, derived)


def _duplicates(rule: DuplicateRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    def interpret(results: Results) -> Outcome:
        rows = results[0].rows
        n_values = len(set(subject.table.rows(rule.columns, rows)))
        names = ", ".join(rule.columns)
        text = f"{n_values:,} values of {names} are there more than once, in {len(rows):,} rows ({_must(rule)})"
        passed = rule.limit.holds(_measured(n_values, rule, subject))
        text += "" if passed or not rows else f": {subject.table.examples(rule.columns, rows)}"
        return subject.rule_outcome(check, passed, len(rows), f"{text}.")

    return CompiledCheck(check, [key_expectation(rule.columns)], interpret)


def _measured(n_counted: int, rule: CountRule | DuplicateRule, subject: Subject) -> float:
    return 100 * n_counted / subject.table.n_rows if rule.percent else n_counted


def _must(rule: CountRule | DuplicateRule) -> str:
    return f"must {rule.limit}{' percent' if rule.percent else ''}"


def _row_count(rule: RowCountRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    n_rows = subject.table.n_rows
    text = f"there are {n_rows:,} rows, which must {rule.limit}."
    return decided(check, subject.rule_outcome(check, rule.limit.holds(n_rows), 0, text))


def _query(rule: SqlRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    def interpret(results: Results) -> Outcome:
        try:
            tables = {name: _to_arrow(subject.references[name], name) for name in rule.tables}
            value = run_query(rule.query, tables | {subject.contract.table: _queried(subject)})
        except (ContractError, pa.ArrowException) as error:
            return subject.rule_outcome(check, False, 0, f"{error}")
        passed = value is not None and rule.limit.holds(value)
        return subject.rule_outcome(check, passed, 0, f"the query yields {shown(value)}, which must {rule.limit}.")

    return CompiledCheck(check, (), interpret)


def _to_arrow(table: Table, name: str) -> pa.Table:
    if isinstance(table, pl.LazyFrame):
        return collected(table, f"table '{name}'").to_arrow()
    return pa.Table.from_pandas(table, preserve_index=False)


def _queried(subject: Subject) -> pa.Table:
    """Return the typed table; numbers are floats to a query, as it was read at load."""
    columns, schema = subject.contract.columns, subject.table.schema
    whole = [name for name, dtype in schema.items() if dtype.is_integer() and columns[name].type == "number"]
    return subject.table.frame.with_columns(pl.col(whole).cast(pl.Float64)).collect().to_arrow()


def _expectation(rule: ExpectationRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    def interpret(results: Results) -> Outcome:
        result = results[0]
        observed = "" if result.observed is None else f", observed {shown(result.observed)}"
        text = f"{rule.expectation} {'holds' if result.passed else 'does not hold'}: {len(result.rows):,} rows break it"
        text += f" ({some([f'row {row}' for row in result.rows])})" if result.rows else ""
        return subject.rule_outcome(check, result.passed, len(result.rows), f"{text}{observed}.")

    return CompiledCheck(check, [Expectation(rule.expectation, rule.arguments)], interpret)


COMPILERS: Mapping[type[TableRule], Callable[[Any, ContractCheck, Subject], CompiledCheck]] = MappingProxyType(
    {
        CountRule: _count,
        DuplicateRule: _duplicates,
        RowCountRule: _row_count,
        SqlRule: _query,
        ExpectationRule: _expectation,
        ReferenceRule: compile_reference,
        AgeRule: compile_age,
        GapRule: compile_gap,
    }
)
"""Kind of rule → what compiles it."""
