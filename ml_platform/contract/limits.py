"""The standard's comparison operators: what a measured value must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from open_data_contract_standard.model import DataQuality

from ml_platform.errors import ContractError


@dataclass(frozen=True)
class Operator:
    """An operator in words, with ``{}`` for each of its numbers, and its test of a measured value."""

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
INTERVALS: Mapping[str, Callable[..., tuple[int, int | None]]] = MappingProxyType(
    {
        "mustBe": lambda rows: (rows, rows),
        "mustBeGreaterThan": lambda rows: (rows + 1, None),
        "mustBeGreaterOrEqualTo": lambda rows: (rows, None),
        "mustBeLessThan": lambda rows: (1, rows - 1),
        "mustBeLessOrEqualTo": lambda rows: (1, rows),
        "mustBeBetween": lambda least, most: (least, most),
    }
)
"""Operator on a number of rows → the least and the greatest number; no rows at all are never right."""


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
        return OPERATORS[self.operator].phrase.format(*(_shown(value) for value in self.values))


def read_limit(rule: DataQuality, where: str, *, numeric: bool = True) -> Limit:
    """Return the one limit that a quality rule states.

    Raises
    ------
    ContractError
        When it states none or several, or a value that is no number (unless ``numeric`` is False: SQL may yield text).
    """
    stated = [operator for operator in OPERATORS if getattr(rule, operator) is not None]
    if len(stated) != 1:
        raise ContractError(f"{where}: needs one operator, found {', '.join(stated) or 'none'}.")
    value = getattr(rule, stated[0])
    values = tuple(value) if isinstance(value, list) else (value,)
    if numeric and not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        raise ContractError(f"{where}: {stated[0]} must be a number, not {value!r}.")
    if stated[0] in ("mustBeBetween", "mustNotBeBetween") and values[0] > values[1]:
        raise ContractError(f"{where}: {stated[0]} has the smaller number first, not {value}.")
    return Limit(stated[0], values)


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
