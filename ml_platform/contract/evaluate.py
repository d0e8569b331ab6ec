"""Hold a frame against its contract: first the types, then all rules in one run of Great Expectations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ml_platform.choices import did_you_mean
from ml_platform.contract import check_results
from ml_platform.contract.answers import Answer
from ml_platform.contract.asking import Asking, alone
from ml_platform.contract.contract import Column, Contract, Window
from ml_platform.contract.evidence import KEY, PARTITION, ROW_COUNT, Evidence, Question, null_share, row_rule
from ml_platform.contract.expectations import (
    Expectation,
    key_expectation,
    null_share_expectation,
    row_count_expectation,
)
from ml_platform.contract.quarantine import Rejection, rejections
from ml_platform.contract.result import ValidationResult
from ml_platform.contract.table_check_results import ask_table_rule, stated_expectations
from ml_platform.contract.table_rules import AgeRule, ReferenceRule
from ml_platform.contract.types import Reading, phrase, read_frame
from ml_platform.contract.values import shown
from ml_platform.contract.windows import inside
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd

NO_TABLES: Mapping[str, pd.DataFrame] = MappingProxyType({})


def evaluate(
    contract: Contract,
    frame: pd.DataFrame,
    *,
    file: str,
    window: Window | None = None,
    references: Mapping[str, pd.DataFrame] = NO_TABLES,
    now: datetime | None = None,
) -> ValidationResult:
    """Return what holds and what does not, and the rows to set aside.

    Rules on values mark rows; a column's check passes as long as so many rows may be quarantined. Rules on the table
    (its columns and their types, the number of rows, the share of missing values, the key, the window) have no
    tolerance. Nothing passes unchecked: a rule that could not be run (no such column, no rows) counts as failed.

    Parameters
    ----------
    file
        Where the frame came from, for the messages.
    window
        The span that the time column must lie in; None for a table without partitions.
    references
        The tables that ``contract.referenced_tables`` names.
    now
        The moment (with a time zone) that the age of the newest row is counted to; for contracts with a service level
        of freshness or latency.

    Raises
    ------
    ContractError
        When the window is on a column that the contract does not have, or when a table or the time is not given.
    """
    _validate_given(contract, references, now)
    if window is not None and window.column not in contract.columns:
        known = did_you_mean(window.column, contract.columns)
        raise ContractError(f"{contract.file.name} has no column '{window.column}' to find the partition by. {known}")
    source = f"{file} ({len(frame):,} rows)"
    reading = read_frame(contract, frame, source)
    asked, answers = _answers(contract, reading, window, {**references, contract.table: frame})
    rejected = {column.name: tuple(_rejected(column, reading, answers)) for column in contract.columns.values()}
    evidence = Evidence(contract, file, len(frame), reading, answers, rejected, window, references, now)
    return ValidationResult(
        table=contract.table,
        file=file,
        n_rows=evidence.n_rows,
        n_quarantined=evidence.n_quarantined,
        check_results=check_results.all_check_results(evidence),
        rejected=rejections(one for column in rejected.values() for one in column),
        results=tuple(
            _result(contract, question, asked[question], answers[question], len(frame)) for question in asked
        ),
    )


def _validate_given(contract: Contract, references: Mapping[str, pd.DataFrame], now: datetime | None) -> None:
    where = contract.file.name
    for table in contract.referenced_tables:
        if table not in references:
            raise ContractError(f"{where}: needs table '{table}' to be checked. {did_you_mean(table, references)}")
    for rule in contract.rules:
        if isinstance(rule, AgeRule) and (now is None or now.tzinfo is None):
            raise ContractError(
                f"{where}: needs the time now, with a time zone, to check the {rule.name} of {rule.column}."
            )
        if isinstance(rule, ReferenceRule) and rule.table != contract.table:
            _validate_present(rule, [str(name) for name in references[rule.table].columns], where)


def _validate_present(rule: ReferenceRule, columns: list[str], where: str) -> None:
    for target in rule.targets:
        if target not in columns:
            known = did_you_mean(target, columns)
            raise ContractError(f"{where}, {rule.check}: table '{rule.table}' has no column '{target}'. {known}")


def _answers(
    contract: Contract, reading: Reading, window: Window | None, tables: Mapping[str, pd.DataFrame]
) -> tuple[dict[Question, Expectation], dict[Question, Answer]]:
    asking = Asking(reading)
    asking.ask(ROW_COUNT, row_count_expectation(contract.min_rows, contract.max_rows))
    if not len(reading.frame):  # nothing is wrong in no rows, says Great Expectations
        return asking.asked, asking.answers()
    if contract.key and reading.has(*contract.key):
        asking.ask(KEY, key_expectation(contract.key))
    for column in contract.columns.values():
        _ask_column(column, asking)
    if window is not None and reading.has(window.column):
        asking.ask_true(PARTITION, inside(window, reading.frame[window.column]))
    for rule in contract.rules:
        ask_table_rule(rule, asking, tables)
    stated = stated_expectations(contract.rules, reading)
    answers = dict(zip(stated, alone(reading, list(stated.values())), strict=True))
    return asking.asked | stated, asking.answers() | answers


def _result(contract: Contract, question: Question, asked: Expectation, answer: Answer, n_rows: int) -> dict[str, Any]:
    """Return an expectation and its answer in values that JSON can hold."""
    own = contract.columns[question.column].check if question.column in contract.columns else None
    result = {
        "check": own or question.column or question.about,
        "expectation": asked.name,
        "arguments": asked.arguments,
        "passed": answer.passed,
        "n_rows": n_rows,
        "n_failed": len(answer.rows),
        "observed": answer.error or answer.observed,
    }
    plain: dict[str, Any] = json.loads(json.dumps(result, default=str))
    return plain


def _ask_column(column: Column, asking: Asking) -> None:
    if not asking.reading.has(column.name):
        return
    for number, rule in enumerate(column.rules):
        asking.ask_rows(row_rule(column.name, number), column.name, rule)
    if column.max_null_share is not None:
        asking.ask(null_share(column.name), null_share_expectation(column.name, column.max_null_share))


def _rejected(column: Column, reading: Reading, answers: Mapping[Question, Answer]) -> Iterator[Rejection]:
    """Yield each row that breaks a rule of the column, rule by rule."""
    mistyped = reading.wrong.get(column.name, {})
    for row, value in mistyped.items():
        yield Rejection(row, column.name, f"must be {phrase(column)}", shown(value))
    for number, rule in enumerate(column.rules):
        answer = answers.get(row_rule(column.name, number))
        for row in answer.rows if answer else ():
            if row not in mistyped:  # blanked out: there, though not of its type
                yield Rejection(row, column.name, f"must {rule}", shown(reading.frame[column.name].iat[row]))
