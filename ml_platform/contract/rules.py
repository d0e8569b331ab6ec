"""What a contract may ask of each value of a column. A row that breaks one of these rules goes to quarantine.

``str(rule)`` is the rule in words, to be read after "must". Missing values break ``Required`` and no other rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

Bound = int | float | datetime | date | time


@dataclass(frozen=True)
class Required:
    """No value is missing."""

    def __str__(self) -> str:
        return "be present"


@dataclass(frozen=True)
class Range:
    """Values between two bounds, either of which may be absent; a strict bound is itself outside."""

    minimum: Bound | None = None
    maximum: Bound | None = None
    strict_minimum: bool = False
    strict_maximum: bool = False

    def __str__(self) -> str:
        if None not in (self.minimum, self.maximum) and not (self.strict_minimum or self.strict_maximum):
            return f"be between {self.minimum} and {self.maximum}"
        lower = f"{'above' if self.strict_minimum else 'at least'} {self.minimum}"
        upper = f"{'below' if self.strict_maximum else 'at most'} {self.maximum}"
        stated = [words for words, bound in ((lower, self.minimum), (upper, self.maximum)) if bound is not None]
        return f"be {' and '.join(stated)}"


@dataclass(frozen=True)
class Length:
    """Strings of so many characters."""

    minimum: int | None = None
    maximum: int | None = None

    def __str__(self) -> str:
        if self.minimum is None:
            return f"have at most {self.maximum} characters"
        if self.maximum is None:
            return f"have at least {self.minimum} characters"
        return f"have {self.minimum} to {self.maximum} characters"


@dataclass(frozen=True)
class Pattern:
    """Strings in which a regular expression is found; anchor it to mean the whole string."""

    regex: str

    def __str__(self) -> str:
        return f"match {self.regex}"


@dataclass(frozen=True)
class OneOf:
    """Values of a set."""

    values: tuple[str | int | float | bool, ...]

    def __str__(self) -> str:
        return f"be one of {', '.join(map(str, self.values))}"


@dataclass(frozen=True)
class NoneOf:
    """Values outside a set."""

    values: tuple[str | int | float | bool, ...]

    def __str__(self) -> str:
        return f"be none of {', '.join(map(repr, self.values))}"


@dataclass(frozen=True)
class Format:
    """Strings of a named format; ``FORMATS`` has its regular expression."""

    name: str

    def __str__(self) -> str:
        return f"be of the format {self.name}"


@dataclass(frozen=True)
class MultipleOf:
    """Whole multiples of a number."""

    number: int | float

    def __str__(self) -> str:
        return f"be a multiple of {self.number}"


Rule = Required | Range | Length | Pattern | OneOf | NoneOf | Format | MultipleOf
