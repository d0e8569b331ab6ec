"""All that the check_results are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from ml_platform.contract.answers import Answer
from ml_platform.contract.contract import Contract, Window
from ml_platform.contract.quarantine import Rejection
from ml_platform.contract.result import CheckResult
from ml_platform.contract.table_rules import TableRule
from ml_platform.contract.types import Reading

if TYPE_CHECKING:
    import pandas as pd


class Question(NamedTuple):
    """What an expectation was run for: a rule on the table, or rule ``number`` of a column or of a check."""

    about: str
    column: str = ""
    number: int = 0


ROW_COUNT = Question("row_count")
KEY = Question("key")
PARTITION = Question("partition")


def row_rule(column: str, number: int) -> Question:
    """Rule ``number`` of ``Column.rules``."""
    return Question("row", column, number)


def null_share(column: str) -> Question:
    """The bound on a column's missing values."""
    return Question("nulls", column)


def table_rule(rule: TableRule, part: int = 0) -> Question:
    """Part ``part`` of a rule on the table."""
    return Question("rule", rule.check, part)


@dataclass(frozen=True)
class Evidence:
    """A table's contract, what could be read of it, what was answered, and by column which rows break a rule.

    ``references`` are the tables that its references and queries read, ``now`` the moment that ages are counted to.
    """

    contract: Contract
    file: str
    n_rows: int
    reading: Reading
    answers: Mapping[Question, Answer]
    rejected: Mapping[str, tuple[Rejection, ...]]
    window: Window | None
    references: Mapping[str, pd.DataFrame]
    now: datetime | None

    @property
    def source(self) -> str:
        """The file with its size: the ground that a count stands on."""
        return f"{self.file} ({self.n_rows:,} rows)"

    @property
    def n_quarantined(self) -> int:
        """The rows that break at least one rule."""
        return len({one.row for rejected in self.rejected.values() for one in rejected})

    def check_result(self, rule: TableRule, passed: bool, n_failed: int, text: str) -> CheckResult:
        """Return what was found of a rule on the table; a failure names the contract and the file."""
        where = f"{self.contract.file.name}" + (f", column '{rule.column}'" if rule.column else "")
        message = text if passed else f"{where}: in {self.source}, {text}"
        return CheckResult(rule.check, rule.column, passed, n_failed, message, rule.severity)

    def error(self, *questions: Question) -> str:
        """Return why one of these could not be answered; empty when all were."""
        return next((self.answers[one].error for one in questions if self.answers[one].error), "")

    def rows(self, *questions: Question) -> set[int]:
        """Return the rows that break any of these."""
        return {row for one in questions for row in self.answers[one].rows}
