"""The checks that every contract has: on the table's columns, number of rows, key and partition, and on each column."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd
import polars as pl

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Column, Window
from ml_platform.contract.result import CompiledCheck, ContractCheck, Outcome, Rejection, Results
from ml_platform.contract.rules import (
    null_share_expectation,
    row_count_expectation,
    true_expectation,
    unique_expectation,
)
from ml_platform.contract.table_rule import TableRule, percent, some
from ml_platform.contract.validation.table import TypedTable
from ml_platform.contract.validation.types import phrase
from ml_platform.instants import to_instants


def compile_check(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Return a check of the contract as it can be run; it fails without rows, or a column that it reads."""
    if check.column is not None and check.column in table.unread and not isinstance(check, TableRule):
        return _decided(check, table.outcome(check, False, table.n_rows, table.unread[check.column]))
    unread = [name for name in check.reads if name in table.unread]
    if unread or (not table.n_rows and check.name not in ("schema", "row_count")):
        why = f"column '{unread[0]}' could not be read" if unread else "there is nothing to check"
        text = f"{check.name} not checked in {table.source}: {why}."
        return _decided(check, table.outcome(check, False, 0, text))
    if isinstance(check, TableRule):
        return check.compile(table)
    return TABLE_CHECKS[check.name](check, table) if check.column is None else _column(check, table)


def _decided(check: ContractCheck, outcome: Outcome) -> CompiledCheck:
    return CompiledCheck(check, (), lambda results: outcome)


def _schema(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Columns missing, there twice, of another type, or not in the contract."""
    why = {**table.unread, **table.retyped}
    problems = [f"column '{name}' {why[name]}" for name in table.contract.columns if name in why]
    for name in table.unexpected:
        guess = did_you_mean(name, table.unread) if table.unread else ""
        problems.append(f"column '{name}' of {table.source} is not in the contract. {guess}".strip())
    text = "; ".join(problems) or f"All {len(table.contract.columns)} columns are there, each of its type."
    return _decided(check, table.outcome(check, not problems, len(problems), text))


def _row_count(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Too few or too many rows; none is always too few."""

    def interpret(results: Results) -> Outcome:
        expected = table.contract.row_count_phrase
        if results[0].passed and table.n_rows:
            return table.outcome(check, True, 0, f"{table.n_rows:,} rows ({expected}).")
        return table.outcome(check, False, 0, f"{table.file} has {table.n_rows:,} rows, expected {expected}.")

    return CompiledCheck(check, [row_count_expectation(table.contract.min_rows, table.contract.max_rows)], interpret)


def _key(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Rows that share their key with another row; one with a missing part is left to the rule of that column."""
    names = table.contract.key

    def interpret(results: Results) -> Outcome:
        rows, stated = results[0].rows, f"key ({', '.join(names)})"
        if results[0].passed:
            return table.outcome(check, True, 0, f"The {stated} is unique in {table.n_rows:,} rows.")
        keys = table.rows(names, rows)
        twin = rows[keys.index(keys[0], 1)]
        example = ", ".join(f"{name} = {table.shown(name, value)}" for name, value in zip(names, keys[0], strict=True))
        text = f"{len(rows):,} of {table.n_rows:,} rows of {table.file} share their {stated} with another row"
        return table.outcome(check, False, len(rows), f"{text}: rows {rows[0]} and {twin} have {example}.")

    return CompiledCheck(check, [unique_expectation(names)], interpret)


def _partition(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Rows whose time lies outside the window."""
    window = table.window
    assert window is not None
    name = window.column

    def interpret(results: Results) -> Outcome:
        rows = results[0].rows
        if results[0].passed:
            return table.outcome(check, True, 0, f"{name} is within {window} in {table.n_rows:,} rows.")
        text = f"{len(rows):,} of {table.n_rows:,} rows of {table.file} have {name} outside {window}"
        return table.outcome(check, False, len(rows), f"{text}: {table.examples([name], rows)}.")

    def inside(values: pl.Series) -> pl.Series:
        return pl.Series(in_window(window, values.to_pandas()).to_numpy())

    holds = pl.col(name).map_batches(inside, return_dtype=pl.Boolean, is_elementwise=True)
    return CompiledCheck(check, [true_expectation(f"{check.name} holds", holds)], interpret)


def in_window(window: Window, values: pd.Series) -> pd.Series:
    """Return one boolean per row; a value that cannot be read as a time is outside, a missing one inside.

    (A missing time is for the column's own rule to find: the row is quarantined and reaches no partition.)
    """
    times = to_instants(values, timezone=window.timezone, time_format=window.time_format)
    return values.isna() | ((times >= window.start) & (times < window.end))


TABLE_CHECKS: Mapping[str, Callable[[ContractCheck, TypedTable], CompiledCheck]] = {
    "schema": _schema,
    "row_count": _row_count,
    "key": _key,
    "partition": _partition,
}
"""Name of a check on the table → what compiles it."""


def quarantine_share(check: ContractCheck, table: TypedTable, rejected: Sequence[Rejection]) -> Outcome:
    """More rows to quarantine, over all columns, than the contract allows; made when all other checks are."""
    most = table.contract.max_quarantine_share
    if not table.n_rows:
        text = f"{check.name} not checked in {table.source}: there is nothing to check."
        return table.outcome(check, False, 0, text)
    n_rows = len({one.row for one in rejected})
    share = n_rows / table.n_rows
    text = f"{n_rows:,} of {table.n_rows:,} rows quarantined ({percent(share)}, at most {percent(most)})"
    columns = ", ".join(dict.fromkeys(one.column for one in rejected))
    passed = share <= most
    return table.outcome(check, passed, n_rows, f"{text}." if passed else f"{text} in {table.file}, for {columns}.")


def _column(check: ContractCheck, table: TypedTable) -> CompiledCheck:
    """Rows that break a rule on their value, more than may be quarantined; and more missing values than may be."""
    column = table.contract.columns[str(check.column)]
    expectations = [table.expectation(column.name, rule) for rule in column.rules]
    most = column.max_null_share
    if most is not None:
        expectations.append(null_share_expectation(column.name, most, table.n_rows))

    def interpret(results: Results) -> Outcome:
        rejected = list(_rejections(column, results, table))
        n_rows = len({one.row for one in rejected})
        problems, n_missing = [], 0
        if most is not None and not results[-1].passed:
            n_missing = round((1 - float(results[-1].observed)) * table.n_rows)
            missing = f"({percent(n_missing / table.n_rows)}, at most {percent(most)})"
            problems.append(f"{n_missing:,} of {table.n_rows:,} values of {table.file} are missing {missing}.")
        share, allowed = n_rows / table.n_rows, table.contract.max_quarantine_share
        if share > allowed:
            counts = f"{n_rows:,} of {table.n_rows:,} rows of {table.file} must be quarantined"
            problems.append(f"{counts} ({percent(share)}, at most {percent(allowed)}): {_examples(rejected)}.")
        accepted = f"{n_rows:,} of {table.n_rows:,} rows quarantined"
        accepted += f": {column.name} {_examples(rejected)}." if n_rows else f" ({column.phrase})."
        text = " ".join(problems) or accepted
        return table.outcome(check, not problems, n_rows + n_missing, text, rejected)

    return CompiledCheck(check, expectations, interpret)


def _rejections(column: Column, results: Results, table: TypedTable) -> Iterator[Rejection]:
    """Yield each row that breaks a rule of the column, rule by rule."""
    mistyped = table.mistyped.get(column.name, {})
    for row, value in mistyped.items():
        yield Rejection(row, column.name, f"must be {phrase(column)}", column.shown(value))
    for rule, result in zip(column.rules, results, strict=False):
        rows = [row for row in result.rows if row not in mistyped]  # blanked out: there, though not of its type
        for row, (value,) in zip(rows, table.rows([column.name], rows) if rows else (), strict=True):
            yield Rejection(row, column.name, f"must {rule}", column.shown(value))


def _examples(rejected: Sequence[Rejection]) -> str:
    """Return ``"must be between 0 and 150 (row 1009: 1048.36)"``, one such phrase for each broken rule."""
    by_rule: dict[str, list[str]] = {}
    for one in rejected:
        by_rule.setdefault(one.rule, []).append(f"row {one.row}: {one.value}")
    return "; ".join(f"{rule} ({some(examples)})" for rule, examples in by_rule.items())
