"""The target: its task, and its positive value or classes."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ml_platform.errors import DataError, SpecError
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

MAX_CLASSES = 50
MAX_NUMBERED_CLASSES = 20
MIN_ROWS_OF_A_CLASS = 30
"""With 15% of the rows in the validation part, a class of 30 rows is absent there once in 130 cuts."""
POSITIVE = ("yes", "y", "true", "1", "positive", "pos", "churned", "late", "failed", "defaulted", "fraud", "died")


@dataclass(frozen=True)
class InferredTarget:
    """What is to be predicted, and the reason for its task."""

    column: str
    task: Task
    reason: str
    positive: Any = None
    """Of a binary task: the positive value."""
    classes: tuple[Any, ...] = ()
    """Of a multiclass task: the values."""
    counts: tuple[int, ...] = ()
    """Of a task of classes: how often each value is there."""
    merge: Mapping[Any, tuple[Any, ...]] = field(default_factory=dict)
    drop_values: tuple[Any, ...] = ()
    """Rare values that count as a class, and values whose rows are not learned from."""


def infer_target(profile: ColumnProfile, stated: Task | None) -> InferredTarget:
    """Return the task of a target; reject one that nothing can be learned from, and a task that does not fit it."""
    where = f"target '{profile.name}'"
    if profile.n_distinct < 2:
        raise DataError(f"{where} has the one value {profile.least or profile.values[0]!r}: there is nothing to learn")
    if profile.kind in ("timestamp", "date"):
        raise DataError(f"{where} holds times: predict a number or a class that is made from them")
    task, reason = (stated, "as stated") if stated else _task(profile)
    target = BY_TASK[task](profile, reason)
    _validate_not_rare(profile, target)
    return target if task == REGRESSION else replace(target, counts=profile.counts)


def _task(profile: ColumnProfile) -> tuple[Task, str]:
    n, numbers = profile.n_distinct, profile.kind in ("integer", "number")
    if n == 2:
        return BINARY, "it has two values"
    if not numbers:
        return MULTICLASS, f"it has {n} values that are no numbers"
    run = profile.kind == "integer" and profile.least in (0, 1) and profile.most - profile.least + 1 == n
    if run and n <= MAX_NUMBERED_CLASSES and profile.n_present >= n * MIN_ROWS_OF_A_CLASS:
        return (
            MULTICLASS,
            f"it counts {profile.least} to {profile.most} as numbered classes do; "
            "if it is a quantity: --task regression",
        )
    return REGRESSION, f"it is a number with {n:,} different values"


def _binary(profile: ColumnProfile, reason: str) -> InferredTarget:
    if profile.n_distinct != 2:
        raise SpecError(f"target '{profile.name}' has {profile.n_distinct:,} values; task 'binary' needs two")
    if profile.kind == "boolean":
        return InferredTarget(profile.name, BINARY, reason, positive=True)
    if profile.kind in ("integer", "number"):
        return InferredTarget(profile.name, BINARY, f"{reason}; the larger is positive", positive=profile.values[1])
    known = [value for value in profile.values if str(value).lower() in POSITIVE]
    if len(known) == 1:
        return InferredTarget(profile.name, BINARY, reason, positive=known[0])
    rarer = profile.values[0] if profile.counts[0] < profile.counts[1] else profile.values[1]
    return InferredTarget(profile.name, BINARY, f"{reason}; the rarer is taken to be the positive one", positive=rarer)


def _multiclass(profile: ColumnProfile, reason: str) -> InferredTarget:
    if not 3 <= profile.n_distinct <= MAX_CLASSES:
        raise SpecError(
            f"target '{profile.name}' has {profile.n_distinct:,} values; task 'multiclass' needs 3 to {MAX_CLASSES}"
        )
    return InferredTarget(profile.name, MULTICLASS, reason, classes=profile.values)


def _regression(profile: ColumnProfile, reason: str) -> InferredTarget:
    if profile.kind not in ("integer", "number"):
        raise SpecError(f"target '{profile.name}' is of type {profile.kind}; task 'regression' needs numbers")
    return InferredTarget(profile.name, REGRESSION, reason)


def _validate_not_rare(profile: ColumnProfile, target: InferredTarget) -> None:
    if target.task == REGRESSION:
        return
    count, value = min(zip(profile.counts, map(str, profile.values), strict=True))
    _, common = max(zip(profile.counts, map(str, profile.values), strict=True))
    name = "other" if profile.kind == "string" else common
    if count < MIN_ROWS_OF_A_CLASS:
        raise DataError(
            f"target '{profile.name}': the value '{value}' is there {count:,} times, too few for a train, a "
            f"validation and a test part (at least {MIN_ROWS_OF_A_CLASS}). Leave its rows out: --drop-value "
            f"{shlex.quote(value)}, or count it as another class: --merge {name}={shlex.quote(value)}"
        )


BY_TASK = {BINARY: _binary, MULTICLASS: _multiclass, REGRESSION: _regression}
"""Task → how its target is inferred."""
