"""Validates a table by its contract: reads it in the contract's types, compiles the checks, and runs them together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

import polars as pl

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Contract, ContractCheck, Window
from ml_platform.contract.quarantine import rejections
from ml_platform.contract.result import ValidationResult
from ml_platform.contract.table_rules import AgeRule, ReferenceRule
from ml_platform.contract.validation.checks import (
    TABLE_CHECKS,
    CompiledCheck,
    Outcome,
    Results,
    Subject,
    quarantine_share,
)
from ml_platform.contract.validation.columns import compile_column
from ml_platform.contract.validation.engine import run
from ml_platform.contract.validation.given import Table
from ml_platform.contract.validation.table import read_table
from ml_platform.contract.validation.table_rules import compile_table_rule
from ml_platform.errors import ContractError

QUARANTINE_SHARE = "quarantine_share"
"""The check that is made of the other checks' rejected rows."""


def validate(
    contract: Contract,
    table: Table,
    *,
    file: str,
    window: Window | None = None,
    references: Mapping[str, Table] = MappingProxyType({}),
    now: datetime | None = None,
) -> ValidationResult:
    """Return what holds and what does not, and the rows to quarantine.

    Rules on values mark rows; a column's check passes as long as so many rows may be quarantined. Rules on the table
    (its columns and their types, the number of rows, the share of missing values, the key, the window) have no
    tolerance. Nothing passes unchecked: a rule that could not be run (no such column, no rows) counts as failed.

    Parameters
    ----------
    table
        A pandas frame, or a scanned file, of which only the columns of the contract are read.
    file
        Where the table came from, for the messages.
    window
        The times that the rows must lie in; None for a table without partitions.
    references
        The tables that ``contract.referenced_tables`` names.
    now
        The moment (with a time zone) that the age of the newest row is counted to; for contracts with a service level
        of freshness or latency.

    Raises
    ------
    ContractError
        When the window is on a column that the contract does not have, or when a table or the time is not given.
    DataError
        When the file cannot be read.
    """
    _validate_given(contract, window, references, now)
    subject = Subject(contract, read_table(contract, table, file), window, references, now)
    checks = contract.checks if window is None else contract.partitioned_checks
    compiled = [compile_check(check, subject) for check in checks if check.name != QUARANTINE_SHARE]
    results = run_checks(subject, compiled)
    outcomes = {one.check.name: _outcome(one, results[one.check.name], subject) for one in compiled}
    rejected = [rejection for outcome in outcomes.values() for rejection in outcome.rejected]
    outcomes |= {one.name: quarantine_share(one, subject, rejected) for one in checks if one.name == QUARANTINE_SHARE}
    return ValidationResult(
        table=contract.table,
        file=file,
        n_rows=subject.table.n_rows,
        n_quarantined=len({one.row for one in rejected}),
        check_results=tuple(outcomes[check.name].result for check in checks),
        rejected=rejections(rejected),
        results=tuple(_documents(compiled, results, subject.table.n_rows)),
    )


def compile_check(check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return a check of the contract as it can be run on the table."""
    for rule in subject.contract.rules:
        if rule.check == check.name:
            return compile_table_rule(rule, check, subject)
    if check.column is not None:
        return compile_column(subject.contract.columns[check.column], check, subject)
    return TABLE_CHECKS[check.name](check, subject)


def run_checks(subject: Subject, compiled: list[CompiledCheck]) -> dict[str, Results]:
    """Return the results of each check's expectations, all of them from one pass over the table."""
    derived: dict[str, pl.Expr] = {}
    for one in compiled:
        derived |= one.derived
    expectations = [expectation for one in compiled for expectation in one.expectations]
    results = iter(run(subject.table.frame, expectations, derived))
    return {one.check.name: list(islice(results, len(one.expectations))) for one in compiled}


def _outcome(compiled: CompiledCheck, results: Results, subject: Subject) -> Outcome:
    error = next((result.error for result in results if result.error), "")
    if not error:
        return compiled.interpret(results)
    text = f"could not be checked in {subject.table.source}: {error}"
    return subject.outcome(compiled.check, False, 0, text)


def _documents(compiled: list[CompiledCheck], results: Mapping[str, Results], n_rows: int) -> Iterator[dict[str, Any]]:
    """Yield each expectation with its result, in values that JSON can hold."""
    for one in compiled:
        for expectation, result in zip(one.expectations, results[one.check.name], strict=True):
            document = {
                "check": one.check.name,
                "expectation": expectation.name,
                "arguments": expectation.arguments,
                "passed": result.passed,
                "n_rows": n_rows,
                "n_failed": len(result.rows),
                "observed": result.error or result.observed,
            }
            yield json.loads(json.dumps(document, default=str))


def _validate_given(
    contract: Contract, window: Window | None, references: Mapping[str, Table], now: datetime | None
) -> None:
    where = contract.file.name
    if window is not None and window.column not in contract.columns:
        known = did_you_mean(window.column, contract.columns)
        raise ContractError(f"{where} has no column '{window.column}' to find the partition by. {known}")
    for table in contract.referenced_tables:
        if table not in references:
            raise ContractError(f"{where}: needs table '{table}' to be checked. {did_you_mean(table, references)}")
    for rule in contract.rules:
        if isinstance(rule, AgeRule) and (now is None or now.tzinfo is None):
            raise ContractError(
                f"{where}: needs the time now, with a time zone, to check the {rule.name} of {rule.column}."
            )
        if isinstance(rule, ReferenceRule) and rule.table != contract.table:
            _validate_present(rule, references[rule.table], where)


def _validate_present(rule: ReferenceRule, table: Table, where: str) -> None:
    columns = table.collect_schema().names() if isinstance(table, pl.LazyFrame) else list(map(str, table.columns))
    for target in rule.targets:
        if target not in columns:
            known = did_you_mean(target, columns)
            raise ContractError(f"{where}, {rule.check}: table '{rule.table}' has no column '{target}'. {known}")
