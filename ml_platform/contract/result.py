"""The outcome of a contract on a table: a validation result, which has one check result per check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


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
        return {
            "table": self.table,
            "file": self.file,
            "n_rows": self.n_rows,
            "n_quarantined": self.n_quarantined,
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
