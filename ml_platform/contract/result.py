"""What a check is and what comes of it: a check result; of all checks on a table, a validation result."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

EXAMPLES = 3


@dataclass(frozen=True)
class ContractCheck:
    """One check of a contract; ``column`` is None for a rule on the table. Severity "warning" does not block.

    ``reads`` are the columns that must be readable for it to be made.
    """

    name: str
    column: str | None
    description: str
    severity: str = "error"
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check.

    ``n_failed`` counts the rows that break it (for ``schema`` the columns; 0 where nothing could be counted).
    A column's check passes in spite of them as long as their share may be quarantined.
    """

    check: str
    column: str | None
    passed: bool
    n_failed: int
    message: str
    severity: str = "error"

    @property
    def blocks(self) -> bool:
        """Whether the table may not be used: the check did not pass, and is not just a warning."""
        return not self.passed and self.severity == "error"


class Rejection(NamedTuple):
    """One rule that one row breaks: the row's position from 0, the column, the rule in words, and the value found."""

    row: int
    column: str
    rule: str
    value: str


class Outcome(NamedTuple):
    """The check result of a check, and the rows that it rejects."""

    result: CheckResult
    rejected: Sequence[Rejection] = ()


@dataclass(frozen=True)
class Expectation:
    """A class of ``great_expectations.expectations`` and its arguments.

    ``derived`` is a Polars expression of booleans: the column that the expectation names, where the table has none.
    """

    name: str
    arguments: Mapping[str, Any]
    derived: Any = field(default=None, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the arguments name."""
        stated = [self.arguments[word] for word in ("column", "column_A", "column_B") if word in self.arguments]
        return (*stated, *self.arguments.get("column_list", ()))


@dataclass(frozen=True)
class ExpectationResult:
    """What came of an expectation: the failing rows, the value observed, and why it could not be run ("": it could)."""

    passed: bool
    rows: tuple[int, ...] = ()
    observed: Any = None
    error: str = ""


Results = Sequence[ExpectationResult]


@dataclass(frozen=True)
class CompiledCheck:
    """A check that can be run: its expectations, and what their results (in the same order) mean."""

    check: ContractCheck
    expectations: Sequence[Expectation]
    interpret: Callable[[Results], Outcome]


@dataclass(frozen=True)
class ValidationResult:
    """The check results on one table, in the order of the contract's checks.

    ``rejected`` has one line per broken row-level rule, columns ``row`` (position in the frame, from 0), ``column`` and
    ``reason``, ordered by row and then as in the contract. It is stored as a table, not in the document.
    ``results`` are the expectations with the results of Great Expectations, for `data_docs_page`.
    """

    table: str
    file: str
    n_rows: int
    n_quarantined: int
    check_results: tuple[CheckResult, ...]
    rejected: pd.DataFrame = field(compare=False, repr=False)
    results: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """Whether every check passed but for warnings."""
        return not self.failures

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """The check results that block."""
        return tuple(one for one in self.check_results if one.blocks)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """The check results that did not pass and do not block."""
        return tuple(one for one in self.check_results if not one.passed and not one.blocks)

    def to_document(self) -> dict[str, Any]:
        """Return what JSON can hold: all but ``rejected``."""
        document = {name: value for name, value in vars(self).items() if name != "rejected"}
        return document | {
            "check_results": [vars(one) | {} for one in self.check_results],
            "results": [dict(result) for result in self.results],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any], rejected: pd.DataFrame | None = None) -> ValidationResult:
        """Return the result that ``to_document`` was called on; without ``rejected``, its table is empty."""
        from ml_platform.contract.quarantine import rejections

        check_results = tuple(CheckResult(**one) for one in document["check_results"])
        values = {**document, "check_results": check_results, "results": tuple(document["results"])}
        return cls(**values, rejected=rejections([]) if rejected is None else rejected)


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


def some(examples: Sequence[str]) -> str:
    """Return the first examples, and that there are more."""
    return ", ".join(examples[:EXAMPLES]) + (", ..." if len(examples) > EXAMPLES else "")
