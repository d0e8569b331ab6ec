"""What a check is and what comes of it: check results, the validation result of a table, and rows in quarantine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ml_platform.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

REASONS = "reasons"
"""Column that quarantined rows get; a contract may not have one of its own."""


@dataclass(frozen=True)
class ContractCheck:
    """One check of a contract (``column`` None: on the table), and the columns that must be readable for it.

    Severity "warning" does not block.
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
    ``results`` are the expectations with the results of Great Expectations, for `build_data_docs`.
    """

    table: str
    file: str
    n_rows: int
    n_quarantined: int
    check_results: tuple[CheckResult, ...]
    max_quarantine_share: float
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
        check_results = tuple(CheckResult(**one) for one in document["check_results"])
        values = {**document, "check_results": check_results, "results": tuple(document["results"])}
        return cls(**values, rejected=rejections([]) if rejected is None else rejected)


def rejections(rejected: Iterable[Rejection]) -> pd.DataFrame:
    """Return them as a frame (``row`` int64, ``column`` and ``reason`` object), ordered by row, else as given."""
    import pandas as pd

    lines = [(one.row, one.column, f"{one.rule}: {one.value}") for one in rejected]
    frame = pd.DataFrame(lines, columns=["row", "column", "reason"], dtype=object)
    return frame.astype({"row": "int64"}).sort_values("row", kind="stable", ignore_index=True)


def split(frame: pd.DataFrame, rejected: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the valid rows and the quarantined rows, both in the order of ``frame`` and numbered from 0.

    The quarantined rows have one more column, ``reasons``: every broken rule of the row, in the order of ``rejected``.
    Raises `DataError` when that names a row that the frame does not have: it belongs to other data.
    """
    if len(rejected) and not 0 <= int(rejected["row"].min()) <= int(rejected["row"].max()) < len(frame):
        raise DataError(f"The rejected rows reach to row {rejected['row'].max()}, the table has {len(frame):,} rows.")
    frame = frame.reset_index(drop=True)
    lines = rejected["column"] + " " + rejected["reason"]
    reasons = lines.groupby(rejected["row"], sort=True).agg("; ".join)
    quarantined = frame.loc[reasons.index].reset_index(drop=True)
    quarantined[REASONS] = reasons.astype(object).to_numpy()
    return frame.drop(index=reasons.index).reset_index(drop=True), quarantined


def readmitted(quarantined: pd.DataFrame | None, valid: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return the valid rows whose key was in quarantine before the contract or the file was repaired.

    `quarantined` are the rows of before, None when none are stored. Without a key, no row can be told from another and
    none is returned.
    """
    if quarantined is None or not len(quarantined) or not key:
        return valid.head(0)
    names = list(key)
    known = quarantined[names].drop_duplicates()
    found = valid[names].merge(known, how="left", on=names, indicator=True)["_merge"].eq("both")
    return valid[found.to_numpy()]
