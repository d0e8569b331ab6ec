"""What a compiled check is, and the checks on a table as such: its columns, number of rows, key and partition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import polars as pl

from ml_platform.choices import did_you_mean
from ml_platform.contract.contract import Contract, ContractCheck, Window
from ml_platform.contract.display import percent, shown
from ml_platform.contract.quarantine import Rejection
from ml_platform.contract.result import CheckResult
from ml_platform.contract.validation.expectations import (
    Expectation,
    ExpectationResult,
    key_expectation,
    row_count_expectation,
    true_expectation,
)
from ml_platform.contract.validation.given import Table
from ml_platform.contract.validation.table import TypedTable
from ml_platform.instants import to_instants

Results = Sequence[ExpectationResult]


class Outcome(NamedTuple):
    """The check result of a check, and the rows that it rejects."""

    result: CheckResult
    rejected: Sequence[Rejection] = ()


@dataclass(frozen=True)
class CompiledCheck:
    """A check that can be run: its expectations, and what their results (in the same order) mean.

    ``derived`` are columns of booleans that its expectations are about, for rules that the library does not know.
    """

    check: ContractCheck
    expectations: Sequence[Expectation]
    interpret: Callable[[Results], Outcome]
    derived: Mapping[str, pl.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What is validated: a table by its contract, with all that the checks may need.

    ``references`` are the other tables that its references and queries read, ``now`` the time that ages are counted to.
    """

    contract: Contract
    table: TypedTable
    window: Window | None
    references: Mapping[str, Table]
    now: datetime | None

    def outcome(
        self, check: ContractCheck, passed: bool, n_failed: int, text: str, rejected: Sequence[Rejection] = ()
    ) -> Outcome:
        """Return the outcome of a check; the message of a failure begins with the contract and the column."""
        where = f"{self.contract.file.name}" + (f", column '{check.column}'" if check.column else "")
        message = text if passed else f"{where}: {text}"
        return Outcome(CheckResult(check.name, check.column, passed, n_failed, message, check.severity), rejected)

    def rule_outcome(self, check: ContractCheck, passed: bool, n_failed: int, text: str) -> Outcome:
        """Return the outcome of a rule on the table; the message of a failure names the file, too."""
        return self.outcome(check, passed, n_failed, text if passed else f"in {self.table.source}, {text}")


def decided(check: ContractCheck, outcome: Outcome) -> CompiledCheck:
    """Return a check that needs no expectation."""
    return CompiledCheck(check, (), lambda results: outcome)


def unchecked(subject: Subject, check: ContractCheck, reads: Sequence[str]) -> CompiledCheck | None:
    """Return the failure of a check that cannot be made, without rows or one of the columns that it reads."""
    unread = [column for column in reads if column in subject.table.unread]
    if not unread and subject.table.n_rows:
        return None
    why = f"column '{unread[0]}' could not be read" if unread else "there is nothing to check"
    text = f"{check.name} not checked in {subject.table.source}: {why}."
    return decided(check, subject.outcome(check, False, 0, text))


def schema(check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Columns missing, there twice, of another type, or not in the contract."""
    table = subject.table
    why = {**table.unread, **table.retyped}
    problems = [f"column '{name}' {why[name]}" for name in subject.contract.columns if name in why]
    for name in table.unexpected:
        guess = did_you_mean(name, table.unread) if table.unread else ""
        problems.append(f"column '{name}' of {table.source} is not in the contract. {guess}".strip())
    text = "; ".join(problems) or f"All {len(subject.contract.columns)} columns are there, each of its type."
    return decided(check, subject.outcome(check, not problems, len(problems), text))


def row_count(check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Too few or too many rows; none is always too few."""
    contract, n_rows = subject.contract, subject.table.n_rows

    def interpret(results: Results) -> Outcome:
        if results[0].passed and n_rows:
            return subject.outcome(check, True, 0, f"{n_rows:,} rows ({contract.row_count_phrase}).")
        text = f"{subject.table.file} has {n_rows:,} rows, expected {contract.row_count_phrase}."
        return subject.outcome(check, False, 0, text)

    return CompiledCheck(check, [row_count_expectation(contract.min_rows, contract.max_rows)], interpret)


def key(check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Rows that share their key with another row."""
    names, table = subject.contract.key, subject.table

    def interpret(results: Results) -> Outcome:
        rows, stated = results[0].rows, f"key ({', '.join(names)})"
        if results[0].passed:
            return subject.outcome(check, True, 0, f"The {stated} is unique in {table.n_rows:,} rows.")
        keys = table.rows(names, rows)
        twin = rows[keys.index(keys[0], 1)]
        example = ", ".join(f"{name} = {shown(value)}" for name, value in zip(names, keys[0], strict=True))
        text = f"{len(rows):,} of {table.n_rows:,} rows of {table.file} share their {stated} with another row"
        return subject.outcome(check, False, len(rows), f"{text}: rows {rows[0]} and {twin} have {example}.")

    return unchecked(subject, check, names) or CompiledCheck(check, [key_expectation(names)], interpret)


def partition(check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Rows whose time lies outside the window."""
    window, table = subject.window, subject.table
    assert window is not None
    name = window.column

    def interpret(results: Results) -> Outcome:
        rows = results[0].rows
        if results[0].passed:
            return subject.outcome(check, True, 0, f"{name} is within {window} in {table.n_rows:,} rows.")
        text = f"{len(rows):,} of {table.n_rows:,} rows of {table.file} have {name} outside {window}"
        return subject.outcome(check, False, len(rows), f"{text}: {table.examples([name], rows)}.")

    inside = pl.col(name).map_batches(partial(_inside, window), return_dtype=pl.Boolean, is_elementwise=True)
    held = f"{check.name} holds"
    compiled = CompiledCheck(check, [true_expectation(held)], interpret, {held: inside})
    return unchecked(subject, check, [name]) or compiled


def _inside(window: Window, values: pl.Series) -> pl.Series:
    return pl.Series(in_window(window, values.to_pandas()).to_numpy())


def in_window(window: Window, values: pd.Series) -> pd.Series:
    """Return one boolean per row; a value that cannot be read as a time is outside, a missing one inside.

    (A missing time is for the column's own rule to find: the row is quarantined and reaches no partition.)
    """
    times = to_instants(values, timezone=window.timezone, time_format=window.time_format)
    return values.isna() | ((times >= window.start) & (times < window.end))


def quarantine_share(check: ContractCheck, subject: Subject, rejected: Sequence[Rejection]) -> Outcome:
    """More rows to quarantine, over all columns, than the contract allows; made when all other checks are."""
    table, most = subject.table, subject.contract.max_quarantine_share
    if not table.n_rows:
        return subject.outcome(
            check, False, 0, f"{check.name} not checked in {table.source}: there is nothing to check."
        )
    n_rows = len({one.row for one in rejected})
    share = n_rows / table.n_rows
    text = f"{n_rows:,} of {table.n_rows:,} rows quarantined ({percent(share)}, at most {percent(most)})"
    if share <= most:
        return subject.outcome(check, True, n_rows, f"{text}.")
    columns = ", ".join(dict.fromkeys(one.column for one in rejected))
    return subject.outcome(check, False, n_rows, f"{text} in {table.file}, for {columns}.")


TABLE_CHECKS: Mapping[str, Callable[[ContractCheck, Subject], CompiledCheck]] = MappingProxyType(
    {"schema": schema, "row_count": row_count, "key": key, "partition": partition}
)
"""Name of a check on the table as such → what compiles it."""
