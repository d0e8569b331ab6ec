"""Validates a table by its contract: reads it in the contract's types, compiles the checks, and runs them together."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import PARTITION_CHECK, Contract, Window
from ml_platform.contract.result import CompiledCheck, Outcome, Results, ValidationResult, rejections
from ml_platform.contract.table_rule import TableRule
from ml_platform.contract.validation.checks import compile_check, quarantine_share
from ml_platform.contract.validation.engine import run
from ml_platform.contract.validation.given import Table
from ml_platform.contract.validation.table import TypedTable, read_table
from ml_platform.errors import ContractError

QUARANTINE_SHARE = "quarantine_share"
"""The check that is made of the other checks' rejected rows."""


def validate(
    contract: Contract,
    table: Table,
    *,
    file: str,
    window: Window | None = None,
    references: Mapping[str, Table] | None = None,
    now: datetime | None = None,
) -> ValidationResult:
    """Return what holds and what does not, and the rows to quarantine.

    Rules on values mark rows; a column's check passes as long as so many rows may be quarantined. Rules on the table
    have no tolerance. Nothing passes unchecked: a rule that could not be run (no such column, no rows) has failed.

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
        The moment (with a time zone) that ages are counted to, if ``contract.needs_now``.

    Raises
    ------
    ContractError
        When the window is on a column that the contract does not have, or when a table or the time is not given.
    DataError
        When the file cannot be read.
    """
    references = references or {}
    _validate_given(contract, window, references, now)
    typed = replace(read_table(contract, table, file), window=window, references=references, now=now)
    contract = typed.contract
    of_partition = () if window is None else (replace(PARTITION_CHECK, reads=(window.column,)),)
    checks = (*contract.checks, *of_partition)
    compiled = [compile_check(check, typed) for check in checks if check.name != QUARANTINE_SHARE]
    # all of their expectations in one pass over the table
    found = iter(run(typed.frame, [expectation for one in compiled for expectation in one.expectations]))
    results = {one.check.name: list(islice(found, len(one.expectations))) for one in compiled}
    outcomes = {one.check.name: _outcome(one, results[one.check.name], typed) for one in compiled}
    rejected = [rejection for outcome in outcomes.values() for rejection in outcome.rejected]
    outcomes |= {one.name: quarantine_share(one, typed, rejected) for one in checks if one.name == QUARANTINE_SHARE}
    return ValidationResult(
        table=contract.table,
        file=file,
        n_rows=typed.n_rows,
        n_quarantined=len({one.row for one in rejected}),
        check_results=tuple(outcomes[check.name].result for check in checks),
        max_quarantine_share=contract.max_quarantine_share,
        rejected=rejections(rejected),
        results=tuple(_documents(compiled, results, typed)),
    )


def _outcome(compiled: CompiledCheck, results: Results, table: TypedTable) -> Outcome:
    error = next((result.error for result in results if result.error), "")
    if not error:
        return compiled.interpret(results)
    return table.outcome(compiled.check, False, 0, f"could not be checked in {table.source}: {error}")


def _documents(
    compiled: list[CompiledCheck], results: Mapping[str, Results], table: TypedTable
) -> Iterator[dict[str, Any]]:
    """Yield each expectation with its result, in values that JSON can hold."""
    for one in compiled:
        for expectation, result in zip(one.expectations, results[one.check.name], strict=True):
            # A rule on a column's values may observe one of them; the checks that every column has observe shares.
            hidden = isinstance(one.check, TableRule) and table.contract.has_personal(expectation.columns)
            document = {
                "check": one.check.name,
                "expectation": expectation.name,
                "arguments": expectation.arguments,
                "passed": result.passed,
                "n_rows": table.n_rows,
                "n_failed": len(result.rows),
                "observed": result.error or (None if hidden else result.observed),
            }
            yield json.loads(json.dumps(document, default=str))


def _validate_given(
    contract: Contract, window: Window | None, references: Mapping[str, Table], now: datetime | None
) -> None:
    where = contract.file.name
    if window is not None and window.column not in contract.columns:
        known = did_you_mean(window.column, contract.columns)
        raise ContractError(f"{where} has no column '{window.column}' to find the partition by. {known}")
    for name in contract.referenced_tables:
        if name not in references:
            raise ContractError(f"{where}: needs table '{name}' to be checked. {did_you_mean(name, references)}")
    if contract.needs_now and (now is None or now.tzinfo is None):
        named = ", ".join(rule.name for rule in contract.rules if rule.needs_now)
        raise ContractError(f"{where}: needs the time now, with a time zone, for {named}.")
