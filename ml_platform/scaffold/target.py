"""Which task a target asks for, and how its values are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml_platform.errors import DataError, SpecError
from ml_platform.scaffold.facts import Facts
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

MAX_CLASSES = 50
MAX_NUMBERED_CLASSES = 20
MIN_ROWS_OF_A_CLASS = 30
"""With 15% of the rows in the validation part, a class of 30 rows is absent there once in 130 cuts."""
POSITIVE = ("yes", "y", "true", "1", "positive", "pos", "churned", "late", "failed", "defaulted", "fraud", "died")


@dataclass(frozen=True)
class TargetGuess:
    """What is to be predicted, and why it is taken for that.

    Attributes
    ----------
    positive
        Of a binary task: the value that is asked about.
    classes
        Of a multiclass task: the values.
    """

    column: str
    task: Task
    reason: str
    positive: Any = None
    classes: tuple[Any, ...] = ()


def guess_target(facts: Facts, stated: Task | None) -> TargetGuess:
    """Return the task of a target.

    Raises
    ------
    DataError, SpecError
        When nothing can be learned from it, or the stated task does not fit its values.
    """
    where = f"target '{facts.name}'"
    if facts.n_distinct < 2:
        raise DataError(f"{where} has the one value {facts.least or facts.values[0]!r}: there is nothing to learn")
    if facts.kind in ("timestamp", "date"):
        raise DataError(f"{where} holds times: predict a number or a class that is made from them")
    task, reason = (stated, "as stated") if stated else _task(facts)
    guess = GUESSES[task](facts, reason)
    _validate_not_rare(facts, guess)
    return guess


def _task(facts: Facts) -> tuple[Task, str]:
    n, numbers = facts.n_distinct, facts.kind in ("integer", "number")
    if n == 2:
        return BINARY, "it has two values"
    if not numbers:
        return MULTICLASS, f"it has {n} values that are no numbers"
    run = facts.kind == "integer" and facts.least in (0, 1) and facts.most - facts.least + 1 == n
    if run and n <= MAX_NUMBERED_CLASSES and facts.n_present >= n * MIN_ROWS_OF_A_CLASS:
        return (
            MULTICLASS,
            f"it counts {facts.least} to {facts.most} as numbered classes do; if it is a quantity: --task regression",
        )
    return REGRESSION, f"it is a number with {n:,} different values"


def _binary(facts: Facts, reason: str) -> TargetGuess:
    if facts.n_distinct != 2:
        raise SpecError(f"target '{facts.name}' has {facts.n_distinct:,} values; task 'binary' needs two")
    if facts.kind == "boolean":
        return TargetGuess(facts.name, BINARY, reason, positive=True)
    if facts.kind in ("integer", "number"):
        return TargetGuess(facts.name, BINARY, f"{reason}; the larger is positive", positive=facts.values[1])
    known = [value for value in facts.values if str(value).lower() in POSITIVE]
    if len(known) == 1:
        return TargetGuess(facts.name, BINARY, reason, positive=known[0])
    rarer = facts.values[0] if facts.counts[0] < facts.counts[1] else facts.values[1]
    return TargetGuess(facts.name, BINARY, f"{reason}; the rarer is taken to be the positive one", positive=rarer)


def _multiclass(facts: Facts, reason: str) -> TargetGuess:
    if not 3 <= facts.n_distinct <= MAX_CLASSES:
        raise SpecError(
            f"target '{facts.name}' has {facts.n_distinct:,} values; task 'multiclass' needs 3 to {MAX_CLASSES}"
        )
    return TargetGuess(facts.name, MULTICLASS, reason, classes=facts.values)


def _regression(facts: Facts, reason: str) -> TargetGuess:
    if facts.kind not in ("integer", "number"):
        raise SpecError(f"target '{facts.name}' is of type {facts.kind}; task 'regression' needs numbers")
    return TargetGuess(facts.name, REGRESSION, reason)


def _validate_not_rare(facts: Facts, guess: TargetGuess) -> None:
    if guess.task == REGRESSION:
        return
    count, value = min(zip(facts.counts, map(str, facts.values), strict=True))
    if count < MIN_ROWS_OF_A_CLASS:
        raise DataError(
            f"target '{facts.name}': the value '{value}' is there {count:,} times, too few for a train, a "
            f"validation and a test part (at least {MIN_ROWS_OF_A_CLASS}). Merge rare values, or leave their rows out"
        )


GUESSES = {BINARY: _binary, MULTICLASS: _multiclass, REGRESSION: _regression}
"""Task → how its target is named."""
