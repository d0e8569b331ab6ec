"""Hold a frame against its contract: first the types, then all rules in one run of Great Expectations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.contract import findings
from ml_platform.contract.contract import Column, Contract, Window
from ml_platform.contract.evidence import KEY, PARTITION, ROW_COUNT, Evidence, Question, null_share, row_rule
from ml_platform.contract.expectations import (
    Expectation,
    key_expectation,
    null_share_expectation,
    row_count_expectation,
    row_expectation,
    true_expectation,
)
from ml_platform.contract.quarantine import Rejection, rejections
from ml_platform.contract.types import TYPES, Reading, read_frame
from ml_platform.contract.validation import Answer, validate
from ml_platform.contract.values import shown
from ml_platform.contract.verdict import Verdict
from ml_platform.contract.windows import inside
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd

INSIDE = "inside the window"


def evaluate(contract: Contract, frame: pd.DataFrame, *, file: str, window: Window | None) -> Verdict:
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

    Raises
    ------
    ContractError
        When the window is on a column that the contract does not have.
    """
    if window is not None and window.column not in contract.columns:
        known = did_you_mean(window.column, contract.columns)
        raise ContractError(f"{contract.file.name} has no column '{window.column}' to find the partition by. {known}")
    source = f"{file} ({len(frame):,} rows)"
    reading = read_frame(contract, frame, source)
    answers = _answers(contract, reading, window)
    rejected = {column.name: tuple(_rejected(column, reading, answers)) for column in contract.columns.values()}
    evidence = Evidence(contract, file, len(frame), reading, answers, rejected, window)
    return Verdict(
        table=contract.table,
        file=file,
        n_rows=evidence.n_rows,
        n_quarantined=evidence.n_quarantined,
        findings=findings.all_findings(evidence),
        rejected=rejections(one for column in rejected.values() for one in column),
    )


def _answers(contract: Contract, reading: Reading, window: Window | None) -> dict[Question, Answer]:
    frame = reading.frame
    asked = {ROW_COUNT: row_count_expectation(contract.min_rows, contract.max_rows)}
    if len(frame):  # nothing is wrong in no rows, says Great Expectations
        if contract.key and reading.has(*contract.key):
            asked[KEY] = key_expectation(contract.key)
        asked |= {question: one for column in contract.columns.values() for question, one in _column(column, reading)}
        if window is not None and reading.has(window.column):
            frame = frame.assign(**{INSIDE: inside(window, frame[window.column])})
            asked[PARTITION] = true_expectation(INSIDE)
    return dict(zip(asked, validate(frame, list(asked.values())), strict=True))


def _column(column: Column, reading: Reading) -> Iterator[tuple[Question, Expectation]]:
    if not reading.has(column.name):
        return
    for number, rule in enumerate(column.rules):
        yield row_rule(column.name, number), row_expectation(column.name, rule)
    if column.max_null_share is not None:
        yield null_share(column.name), null_share_expectation(column.name, column.max_null_share)


def _rejected(column: Column, reading: Reading, answers: Mapping[Question, Answer]) -> Iterator[Rejection]:
    """Yield each row that breaks a rule of the column, rule by rule."""
    mistyped = reading.wrong.get(column.name, {})
    for row, value in mistyped.items():
        yield Rejection(row, column.name, f"must be {TYPES[column.type].phrase}", shown(value))
    for number, rule in enumerate(column.rules):
        answer = answers.get(row_rule(column.name, number))
        for row in answer.rows if answer else ():
            if row not in mistyped:  # blanked out: there, though not of its type
                yield Rejection(row, column.name, f"must {rule}", shown(reading.frame[column.name].iat[row]))
