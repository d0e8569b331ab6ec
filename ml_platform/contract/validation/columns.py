"""The check on one column: its type, the rules on its values, and how many may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from ml_platform.contract.contract import Column, ContractCheck
from ml_platform.contract.display import percent, shown, some
from ml_platform.contract.quarantine import Rejection
from ml_platform.contract.rules import MultipleOf, Rule
from ml_platform.contract.validation.checks import CompiledCheck, Outcome, Results, Subject, decided, unchecked
from ml_platform.contract.validation.expectations import (
    Expectation,
    null_share_expectation,
    row_expectation,
    true_expectation,
)
from ml_platform.contract.validation.expressions import multiples
from ml_platform.contract.validation.types import phrase


def compile_column(column: Column, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of a column; it passes in spite of broken rules as long as so many rows may be quarantined."""
    table = subject.table
    if column.name in table.unread:
        return decided(check, subject.outcome(check, False, table.n_rows, table.unread[column.name]))
    if nothing := unchecked(subject, check, []):
        return nothing
    expectations, derived = compile_rules(column.rules, check.name, column.name, subject)
    if column.max_null_share is not None:
        expectations.append(null_share_expectation(column.name, column.max_null_share, table.n_rows))

    def interpret(results: Results) -> Outcome:
        rejected = list(_rejections(column, results, subject))
        n_rows = len({one.row for one in rejected})
        n_missing = _n_missing_over(column, results, table.n_rows)
        problems = [*_missing(column, subject, n_missing), *_broken(subject, rejected, n_rows)]
        counts = f"{n_rows:,} of {table.n_rows:,} rows quarantined"
        accepted = f"{counts}: {column.name} {_examples(rejected)}." if n_rows else f"{counts} ({column.phrase})."
        text = " ".join(problems) or accepted
        return subject.outcome(check, not problems, n_rows + n_missing, text, rejected)

    return CompiledCheck(check, expectations, interpret, derived)


def compile_rules(
    rules: Sequence[Rule], check: str, column: str, subject: Subject
) -> tuple[list[Expectation], dict[str, pl.Expr]]:
    """Return an expectation for each rule on the values of a column, and the derived columns that some are about."""
    expectations: list[Expectation] = []
    derived: dict[str, pl.Expr] = {}
    for number, rule in enumerate(rules):
        if isinstance(rule, MultipleOf):
            name = f"{check} holds {number}"
            derived[name] = multiples(column, rule.number, subject.table.schema[column])
            expectations.append(true_expectation(name))
        else:
            expectations.append(row_expectation(column, rule))
    return expectations, derived


def _rejections(column: Column, results: Results, subject: Subject) -> Iterator[Rejection]:
    """Yield each row that breaks a rule of the column, rule by rule."""
    mistyped = subject.table.mistyped.get(column.name, {})
    for row, value in mistyped.items():
        yield Rejection(row, column.name, f"must be {phrase(column)}", shown(value))
    for rule, result in zip(column.rules, results, strict=False):
        rows = [row for row in result.rows if row not in mistyped]  # blanked out: there, though not of its type
        for row, value in zip(rows, subject.table.values(column.name, rows) if rows else (), strict=True):
            yield Rejection(row, column.name, f"must {rule}", shown(value))


def _n_missing_over(column: Column, results: Results, n_rows: int) -> int:
    """Return how many values are missing, if that is more than the contract allows; else 0."""
    if column.max_null_share is None or results[-1].passed:
        return 0
    return round((1 - float(results[-1].observed)) * n_rows)


def _missing(column: Column, subject: Subject, n_missing: int) -> list[str]:
    if not n_missing or column.max_null_share is None:
        return []
    n_rows = subject.table.n_rows
    share, most = percent(n_missing / n_rows), percent(column.max_null_share)
    return [f"{n_missing:,} of {n_rows:,} values of {subject.table.file} are missing ({share}, at most {most})."]


def _broken(subject: Subject, rejected: Sequence[Rejection], n_rows: int) -> list[str]:
    table, most = subject.table, subject.contract.max_quarantine_share
    share = n_rows / table.n_rows
    if share <= most:
        return []
    counts = f"{n_rows:,} of {table.n_rows:,} rows of {table.file}"
    return [f"{counts} must be quarantined ({percent(share)}, at most {percent(most)}): {_examples(rejected)}."]


def _examples(rejected: Sequence[Rejection]) -> str:
    """Return ``"must be between 0 and 150 (row 1009: 1048.36)"``, one such phrase for each broken rule."""
    by_rule: dict[str, list[str]] = {}
    for one in rejected:
        by_rule.setdefault(one.rule, []).append(f"row {one.row}: {one.value}")
    return "; ".join(f"{rule} ({some(examples)})" for rule, examples in by_rule.items())
