"""The `target:` block of a model's YAML, validated against the task and the contract of its column."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator

from ml_platform.choices import Block, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

Value = bool | int | float | str
"""A value of a column, as YAML has it."""

KEYS: dict[Task, tuple[str, ...]] = {BINARY: ("greater_than", "positive"), MULTICLASS: ("classes",), REGRESSION: ()}
"""The keys that the block may have beside the column, by task; a binary target has exactly one."""

TYPES = {"boolean": (bool,), "integer": (int,), "number": (int, float), "string": (str,)}
"""Logical type in a contract → types of its values in YAML."""


class Target(Block):
    """What is predicted. A row without a value in the column has an unknown outcome."""

    column: str
    greater_than: float | None = None
    """Binary: a number above it is the positive class."""
    positive: Value | None = None
    """Binary: this value is the positive class, every other one the negative. True where the column is boolean."""
    classes: Annotated[tuple[Value, ...], Field(min_length=3)] | None = None
    """Multiclass: the values, in the order of their codes. The values of the contract's set when left out."""
    merge: dict[Value, Annotated[tuple[Value, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Multiclass: class → the rare values that count as it."""
    drop_values: tuple[Value, ...] = ()
    """Values whose rows count as of unknown outcome: they are neither learned from nor measured."""

    @model_validator(mode="after")
    def _has_one_key(self) -> "Target":
        if len(self.keys) > 1:
            raise ValueError(f"give only one of {' and '.join(map(repr, self.keys))}")
        names = [str(value) for value in self.classes or ()]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"class named twice: {', '.join(twice)}")
        replaced = [*(value for values in self.merge.values() for value in values), *self.drop_values]
        if twice := sorted({str(value) for value in replaced if replaced.count(value) > 1}):
            raise ValueError(f"merged or dropped twice: {', '.join(twice)}")
        if both := [str(value) for value in replaced if value in (*(self.classes or ()), self.positive)]:
            raise ValueError(f"both a class and merged or dropped: {', '.join(both)}")
        return self

    @property
    def merged(self) -> dict[Value, Value]:
        """Each value that is merged → its class."""
        return {value: name for name, values in self.merge.items() for value in values}

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the block has beside the column."""
        return tuple(key for keys in KEYS.values() for key in keys if getattr(self, key) is not None)

    def validate_task(self, task: Task) -> None:
        """Reject a block with a key of another task."""
        for key in self.keys:
            if key not in KEYS[task]:
                fitting = next(name for name, keys in KEYS.items() if key in keys)
                allowed = " or ".join(map(repr, KEYS[task])) or "nothing but the column"
                raise SpecError(
                    f"target: '{key}' does not fit task '{task}', for which the target says {allowed}. "
                    f"Did you mean 'task: {fitting}'?",
                    ("target", key),
                )
        if self.merge and task != MULTICLASS:
            raise SpecError(f"target: 'merge' is for task '{MULTICLASS}', not '{task}'")
        if self.drop_values and task == REGRESSION:
            raise SpecError(f"target: 'drop_values' is for classes; a {REGRESSION} has none")


def resolve_target(target: Target, task: Task, logical_type: str, allowed: Sequence[Any] | None, where: str) -> Target:
    """Return the target completed from the contract: the positive value of a boolean column, and the classes.

    Parameters
    ----------
    logical_type, allowed
        Of the target's column in the contract; `allowed` is its set, or None. What it excludes is a SpecError.
    where
        The contract and the column, for messages.
    """
    if task == MULTICLASS:
        return target.model_copy(update={"classes": _classes(target, logical_type, allowed, where)})
    if task == REGRESSION or target.greater_than is not None:
        if logical_type not in ("integer", "number"):
            wanted = "a regression" if task == REGRESSION else f"'greater_than: {target.greater_than:g}'"
            raise SpecError(f"target: {wanted} needs a number, but {where} is of logicalType {logical_type}")
        return target
    if target.positive is None:
        if logical_type != "boolean":
            raise SpecError(
                f"target: {where} is of logicalType {logical_type}. For task 'binary' say which value is "
                "'positive', or what it is 'greater_than'"
            )
        return target.model_copy(update={"positive": True})
    _validate_possible("positive", target.positive, logical_type, allowed, where)
    return target


def _classes(target: Target, logical_type: str, allowed: Sequence[Any] | None, where: str) -> tuple[Value, ...]:
    gone = {*target.merged, *target.drop_values}
    classes = target.classes or tuple(dict.fromkeys([*(v for v in allowed or () if v not in gone), *target.merge]))
    if len(classes) < 3:
        raise SpecError(
            f"target: task 'multiclass' needs three or more 'classes', and {where} has "
            f"{f'a set of {len(classes)}' if allowed else 'no set to take them from'}"
        )
    for value in classes:
        _validate_possible("classes", value, logical_type, None if value in target.merge else allowed, where)
    for value in gone:
        _validate_possible("merge or drop_values", value, logical_type, allowed, where)
    if missing := [str(value) for value in allowed or () if value not in (*classes, *gone)]:
        raise SpecError(f"target: {where} may also hold {', '.join(missing)}, which 'classes' does not name")
    return classes


def _validate_possible(key: str, value: Value, logical_type: str, allowed: Sequence[Any] | None, where: str) -> None:
    """Reject a value that the column can never hold, such as the YAML boolean `yes` for the text "yes"."""
    types = TYPES.get(logical_type, ())
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        quote = " Text that YAML takes for something else is written in quotes." if logical_type == "string" else ""
        raise SpecError(
            f"target: '{key}' names {value!r}, a {type(value).__name__}, but {where} is of logicalType {logical_type}."
            + quote
        )
    if allowed is not None and value not in allowed:
        raise SpecError(
            f"target: '{key}' names {value!r}, which is not in the set of {where}. "
            f"{did_you_mean(str(value), map(str, allowed))}"
        )
