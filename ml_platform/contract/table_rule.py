"""What a contract may ask of a table as a whole: each rule is a check of its own, and sets no row aside.

One module for each kind says how it is stated, read and checked: `metrics`, `sql`, `expectations`, `references`,
`service_levels`. Here is what they share.
"""

from __future__ import annotations

import hashlib
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from numbers import Integral, Real
from typing import Any, ClassVar, TypeGuard

from open_data_contract_standard.model import CustomProperty, DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.result import CompiledCheck, ContractCheck
from ml_platform.errors import ContractError

SEVERITIES = ("error", "warning")
"""An error blocks what follows; a warning is reported."""
SEVERITY = "severity"
"""Custom property of relationships and service levels."""
EXAMPLES = 3
OPERATORS: Mapping[str, tuple[str, Callable[..., bool]]] = {
    "mustBe": ("be {}", lambda found, value: found == value),
    "mustNotBe": ("not be {}", lambda found, value: found != value),
    "mustBeGreaterThan": ("be above {}", lambda found, value: found > value),
    "mustBeGreaterOrEqualTo": ("be at least {}", lambda found, value: found >= value),
    "mustBeLessThan": ("be below {}", lambda found, value: found < value),
    "mustBeLessOrEqualTo": ("be at most {}", lambda found, value: found <= value),
    "mustBeBetween": ("be between {} and {}", lambda found, low, high: low <= found <= high),
    "mustNotBeBetween": ("not be between {} and {}", lambda found, low, high: not low <= found <= high),
}
"""Operator of the standard → its words, with ``{}`` for each of its numbers, and its test of a measured value."""


@dataclass(frozen=True)
class Limit:
    """What a measured value must be; ``str(limit)`` is to be read after "must"."""

    operator: str
    values: tuple[Any, ...]
    percent: bool = False

    def holds(self, found: Any) -> bool:
        """Whether the value is as it must be; one that cannot be compared (text with a number) is not."""
        try:
            return bool(OPERATORS[self.operator][1](found, *self.values))
        except TypeError:
            return False

    def holds_of(self, count: int, n_rows: int) -> bool:
        """Whether a count, or its percentage of the rows, is as it must be."""
        return self.holds(100 * count / n_rows if self.percent else count)

    def __str__(self) -> str:
        values = (f"{v:,}" if isinstance(v, int) and not isinstance(v, bool) else str(v) for v in self.values)
        return OPERATORS[self.operator][0].format(*values) + (" percent" if self.percent else "")


@dataclass(frozen=True, kw_only=True)
class TableRule(ContractCheck, ABC):
    """A rule on the table as a whole; ``tables`` are those that it reads, if it reads more than its own."""

    needs_now: ClassVar[bool] = False
    """Whether the result depends on the time."""
    tables: tuple[str, ...] = ()

    @abstractmethod
    def compile(self, table: Any) -> CompiledCheck:
        """Return the check as it can be run on a ``TypedTable`` that has rows and the columns that the rule reads."""


@dataclass(frozen=True)
class Place:
    """Where a rule stands: the table, its columns with their logical types, and the column (None: on the table)."""

    table: str
    types: Mapping[str, str]
    column: str | None
    where: str

    def within(self, part: str) -> Place:
        """Return the place of a part of what stands here."""
        return replace(self, where=f"{self.where}, {part}")

    def validate_columns(self, names: Iterable[str]) -> None:
        """Reject names of columns that the contract does not have."""
        for name in names:
            if name not in self.types:
                guess = did_you_mean(str(name), self.types)
                raise ContractError(f"{self.where}: the contract has no column '{name}'. {guess}")


def validate_known(word: str | None, known: Collection[str], what: str, where: str) -> None:
    """Reject a word that the platform does not know."""
    if word not in known:
        raise ContractError(f"{where}: the platform cannot run {what} '{word}'. {did_you_mean(str(word), known)}")


def read_common(rule: DataQuality, place: Place, says: str) -> dict[str, Any]:
    """Return what all quality rules state, with a description that ends in `says`.

    The check is called ``rule_<id or name>``, or else ``rule_<column>_<metric or type>``.
    """
    stated = rule.id or rule.name or f"{place.column or 'table'}_{rule.metric or rule.type}"
    return {
        "name": f"rule_{slug(stated)}",
        "column": place.column,
        "reads": (place.column,) if place.column else (),
        "severity": _severity(rule.severity, place.where),
        "description": described(rule.description, says),
    }


def described(description: str | None, says: str) -> str:
    """Return what the contract says of a rule, and what the rule says."""
    return f"{description.strip().rstrip('.')}. {says}" if description else says


def custom_property(stated: Sequence[CustomProperty] | None, name: str, where: str) -> Any:
    """Return the value of a custom property; None where it is not stated."""
    found = [custom.value for custom in stated or [] if custom.property == name]
    if len(found) > 1:
        raise ContractError(f"{where}: {name} is stated {len(found)} times.")
    return found[0] if found else None


def custom_severity(stated: Sequence[CustomProperty] | None, where: str) -> str:
    """Return the severity that custom properties state: the standard has the word for quality rules alone."""
    return _severity(custom_property(stated, SEVERITY, where), where)


def _severity(stated: Any, where: str) -> str:
    if stated is not None and stated not in SEVERITIES:
        raise ContractError(f"{where}: no severity '{stated}'. {did_you_mean(str(stated), SEVERITIES)}")
    return str(stated or SEVERITIES[0])


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a value is a number: True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def slug(text: str) -> str:
    """Return a text with the letters that Dagster allows in a name."""
    return re.sub("[^A-Za-z0-9_]+", "_", text).strip("_")


def read_limit(rule: DataQuality, where: str, *, numeric: bool = True, percent: bool = False) -> Limit:
    """Return the one limit that a quality rule states."""
    stated = [operator for operator in OPERATORS if getattr(rule, operator) is not None]
    if len(stated) != 1:
        raise ContractError(f"{where}: needs one operator, found {', '.join(stated) or 'none'}.")
    value = getattr(rule, stated[0])
    values = tuple(value) if isinstance(value, list) else (value,)
    if numeric and not all(map(is_number, values)):
        raise ContractError(f"{where}: {stated[0]} must be a number, not {value!r}.")
    if stated[0] in ("mustBeBetween", "mustNotBeBetween") and values[0] > values[1]:
        raise ContractError(f"{where}: {stated[0]} has the smaller number first, not {value}.")
    return Limit(stated[0], values, percent)


def percent(share: float) -> str:
    """Return a share (0 to 1) as ``"0.5%"``."""
    return f"{100 * share:.3g}%"


def duration(span: timedelta) -> str:
    """Return ``"1 day"``, ``"5:16:00"``: a length of time to the second."""
    return str(timedelta(seconds=round(span.total_seconds()))).removesuffix(", 0:00:00")


def shown(value: Any) -> str:
    """Return ``"1048.36"``, ``"'abc'"``, ``"missing"``: short, and the same for one value each time."""
    if isinstance(value, Real) and not isinstance(value, Integral):
        return "missing" if math.isnan(value) else f"{float(value):.10g}"
    if value is None or str(value) in ("NaT", "<NA>"):
        return "missing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def hashed(value: Any) -> str:
    """Return ``"#3f8a1c02"``: the same for equal values. A missing value stays ``"missing"``."""
    text = shown(value)
    return text if text == "missing" else f"#{hashlib.sha256(str(value).encode()).hexdigest()[:8]}"


def some(examples: Sequence[str]) -> str:
    """Return the first examples, and that there are more."""
    return ", ".join(examples[:EXAMPLES]) + (", ..." if len(examples) > EXAMPLES else "")
