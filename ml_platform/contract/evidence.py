"""All that the findings are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ml_platform.contract.contract import Contract, Window
from ml_platform.contract.quarantine import Rejection
from ml_platform.contract.types import Reading
from ml_platform.contract.validation import Answer


class Question(NamedTuple):
    """What an expectation was run for: a rule on the table, or rule ``number`` of a column."""

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


@dataclass(frozen=True)
class Evidence:
    """A table's contract, what could be read of it, what was answered, and by column which rows break a rule."""

    contract: Contract
    file: str
    n_rows: int
    reading: Reading
    answers: Mapping[Question, Answer]
    rejected: Mapping[str, tuple[Rejection, ...]]
    window: Window | None

    @property
    def source(self) -> str:
        """The file with its size: the ground that a count stands on."""
        return f"{self.file} ({self.n_rows:,} rows)"

    @property
    def n_quarantined(self) -> int:
        """The rows that break at least one rule."""
        return len({one.row for rejected in self.rejected.values() for one in rejected})
