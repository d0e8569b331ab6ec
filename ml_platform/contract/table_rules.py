"""What a contract may ask of a table as a whole. Each rule is a check of its own, and sets no row aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from ml_platform.contract.rules import Rule

SEVERITIES = ("error", "warning")
"""An error blocks what follows; a warning is reported."""


@dataclass(frozen=True)
class Operator:
    """An operator of the standard in words, with ``{}`` for each of its numbers, and its test of a measured value."""

    phrase: str
    holds: Callable[..., bool]


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "mustBe": Operator("be {}", lambda found, value: found == value),
        "mustNotBe": Operator("not be {}", lambda found, value: found != value),
        "mustBeGreaterThan": Operator("be above {}", lambda found, value: found > value),
        "mustBeGreaterOrEqualTo": Operator("be at least {}", lambda found, value: found >= value),
        "mustBeLessThan": Operator("be below {}", lambda found, value: found < value),
        "mustBeLessOrEqualTo": Operator("be at most {}", lambda found, value: found <= value),
        "mustBeBetween": Operator("be between {} and {}", lambda found, low, high: low <= found <= high),
        "mustNotBeBetween": Operator("not be between {} and {}", lambda found, low, high: not low <= found <= high),
    }
)


@dataclass(frozen=True)
class Limit:
    """What a measured value must be; ``str(limit)`` is to be read after "must"."""

    operator: str
    values: tuple[Any, ...]

    def holds(self, found: Any) -> bool:
        """Whether the value is as it must be; one that cannot be compared (text with a number) is not."""
        try:
            return bool(OPERATORS[self.operator].holds(found, *self.values))
        except TypeError:
            return False

    def __str__(self) -> str:
        values = (f"{v:,}" if isinstance(v, int) and not isinstance(v, bool) else str(v) for v in self.values)
        return OPERATORS[self.operator].phrase.format(*values)


@dataclass(frozen=True)
class TableRule:
    """The part that all rules share: name of the check, its column (None: the whole table), what it says."""

    check: str
    column: str | None
    severity: str
    description: str

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that must be readable for the rule to be checked."""
        return (self.column,) if self.column else ()


@dataclass(frozen=True)
class CountRule(TableRule):
    """How many values (or what percentage of them) may break any of ``parts``, which makes them ``called``."""

    called: str
    parts: tuple[Rule, ...]
    limit: Limit
    percent: bool


@dataclass(frozen=True)
class DuplicateRule(TableRule):
    """How many values of the columns taken together may be there more than once (or: as a percentage of the rows)."""

    columns: tuple[str, ...]
    limit: Limit
    percent: bool

    @property
    def reads(self) -> tuple[str, ...]:
        """All columns."""
        return self.columns


@dataclass(frozen=True)
class RowCountRule(TableRule):
    """How many rows there may be, beyond the bounds that ``Contract.min_rows`` and ``max_rows`` state."""

    limit: Limit


@dataclass(frozen=True)
class SqlRule(TableRule):
    """What the one value that a query yields must be; ``tables`` are the other tables that it reads."""

    query: str
    limit: Limit
    tables: tuple[str, ...]


@dataclass(frozen=True)
class ExpectationRule(TableRule):
    """An expectation of Great Expectations, by class, with its arguments."""

    expectation: str
    arguments: Mapping[str, Any]

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that its arguments name."""
        return named_columns(self.arguments)


@dataclass(frozen=True)
class ReferenceRule(TableRule):
    """The least share (0 to 1) of rows whose ``columns`` are found together in ``targets`` of another table."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    min_share: float

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns on this side."""
        return self.columns


@dataclass(frozen=True)
class AgeRule(TableRule):
    """How old the newest value of a column of times may be."""

    name: str
    span: timedelta


@dataclass(frozen=True)
class GapRule(TableRule):
    """The longest time without a row, between the first and the last value of a column of times."""

    span: timedelta


def named_columns(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns that the arguments of an expectation name."""
    stated = [arguments[word] for word in ("column", "column_A", "column_B") if word in arguments]
    return (*stated, *arguments.get("column_list", ()))
