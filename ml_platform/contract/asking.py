"""The questions that one validation answers: expectations, and the columns of booleans that some of them need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ml_platform.contract.answers import Answer
from ml_platform.contract.evidence import Question
from ml_platform.contract.expectations import Expectation, row_expectation, true_expectation
from ml_platform.contract.rules import MultipleOf, Rule
from ml_platform.contract.types import Reading
from ml_platform.contract.validation import validate

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Asking:
    """Collects what is to be asked of a table, so that it is read once."""

    reading: Reading
    asked: dict[Question, Expectation] = field(default_factory=dict)
    truths: dict[str, pd.Series] = field(default_factory=dict)

    def ask(self, question: Question, expectation: Expectation) -> None:
        """Ask whether an expectation holds."""
        self.asked[question] = expectation

    def ask_true(self, question: Question, holds: pd.Series) -> None:
        """Ask which rows are not true; a missing one is neither."""
        name = f"{question.about} {question.column} {question.number} holds"
        self.truths[name] = holds
        self.ask(question, true_expectation(name))

    def ask_rows(self, question: Question, column: str, rule: Rule) -> None:
        """Ask which rows break a rule on the values of a column."""
        if isinstance(rule, MultipleOf):
            self.ask_true(question, _multiples(self.reading.frame[column], rule.number))
        else:
            self.ask(question, row_expectation(column, rule))

    def answers(self) -> dict[Question, Answer]:
        """Return the answers, all of them from one validation."""
        frame = self.reading.frame.assign(**self.truths)
        return dict(zip(self.asked, validate(frame, list(self.asked.values())), strict=True))


def alone(reading: Reading, expectations: Sequence[Expectation]) -> list[Answer]:
    """Return the answers to expectations that may be about the table's shape: it has no other column."""
    return validate(reading.frame, expectations) if expectations else []


def _multiples(values: pd.Series, number: float) -> pd.Series:
    """Return which values are whole multiples, within the precision of a float; None where there is no value."""
    import numpy as np

    present = values.notna()
    quotients = values[present].to_numpy(dtype="float64") / number
    holds = values.astype(object).where(~present & False, None)
    holds[present] = np.abs(quotients - np.round(quotients)) <= 1e-9 * np.maximum(1.0, np.abs(quotients))
    return holds
