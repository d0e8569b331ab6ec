"""What a contract document becomes once it is read: a table, its columns, its checks. Light: no pandas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ml_platform.contract.result import ContractCheck
from ml_platform.contract.rules import Required, Rule
from ml_platform.contract.table_rule import TableRule, described, hashed, percent, shown
from ml_platform.errors import ContractError


@dataclass(frozen=True)
class Column:
    """One column as the contract states it.

    ``rules`` hold for each row. ``max_null_share`` (0 to 1) holds for the table as a whole and is None for a required
    column. ``has_time_zone`` is None where a timestamp may be with or without one; one without is read in
    ``default_time_zone``. ``arrow_type`` is a regular expression of what ``physical_type`` allows. ``text_format`` is
    how a time is written as text: as stated, as a format of Polars, as a regular expression; None where it is stored as
    a time. ``business_name`` is what files of its source call it. A column that ``may_be_absent`` is known later than
    the row. Values of a ``personal`` column are shown as hashes.
    """

    name: str
    type: str
    required: bool
    rules: tuple[Rule, ...]
    max_null_share: float | None = None
    has_time_zone: bool | None = None
    physical_type: str = ""
    arrow_type: str = ""
    personal: bool = False
    description: str = ""
    text_format: tuple[str, str, str] | None = None
    default_time_zone: str | None = None
    business_name: str = ""
    may_be_absent: bool = False

    @property
    def check(self) -> str:
        """Name of the column's check."""
        return f"column_{re.sub('[^A-Za-z0-9_]', '_', self.name)}"

    def shown(self, value: Any) -> str:
        """Return a value for messages and pages; equal values of a personal column have equal hashes."""
        return hashed(value) if self.personal else shown(value)

    @property
    def stored_type(self) -> str:
        """The logical type of what is stored: that of text where times are written."""
        return "string" if self.text_format else self.type

    @property
    def phrase(self) -> str:
        """The column's rules in one line."""
        phrases = [f"must {rule}" for rule in self.rules]
        if self.max_null_share is not None:
            phrases.append(f"at most {percent(self.max_null_share)} missing")
        return "; ".join([self.type, *phrases])

    def awaited(self) -> Column:
        """Return the column without what it says of missing values: these are not known yet."""
        rules = tuple(rule for rule in self.rules if not isinstance(rule, Required))
        return replace(self, rules=rules, required=False, max_null_share=None, may_be_absent=True)


@dataclass(frozen=True)
class Window:
    """The times that belong to a partition: ``start <= column < end``, two moments with a time zone.

    ``time_format`` is the ``strptime`` format of the column's values (None: they are timestamps); values without a time
    zone are read in ``timezone``.
    """

    column: str
    start: datetime
    end: datetime
    time_format: str | None = None
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ContractError(f"The window of '{self.column}' needs a time zone: {self.start} to {self.end}.")

    def __str__(self) -> str:
        return f"[{self.start:%Y-%m-%d %H:%M%z}, {self.end:%Y-%m-%d %H:%M%z})"


@dataclass(frozen=True)
class Contract:
    """A table's contract. Made by ``load_contract``, which rejects rules that cannot be run.

    ``max_quarantine_share`` (0 to 1) bounds the rows that break rules on values, for each column and for the table.
    ``rules`` are those on the table as a whole. Times without a zone are read in ``timezone``, but for columns that
    state a ``default_time_zone``. The ``outcome`` is the column that a model predicts, ``known_later`` are the others
    that are filled after the prediction: files may come before them.
    """

    table: str
    file: Path
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    min_rows: int
    max_rows: int | None
    max_quarantine_share: float
    rules: tuple[TableRule, ...] = ()
    timezone: str = "UTC"
    outcome: str | None = None
    known_later: tuple[str, ...] = ()

    def awaiting(self, *, some_outcome: bool) -> Contract:
        """Return the contract of a file that holds some outcomes, or none yet.

        A row may lack its outcome, whatever the contract says of missing values: the rules hold for those that are
        there. In a file without any outcome, all that is known later may be missing too.
        """
        awaited = {self.outcome} if some_outcome else {self.outcome, *self.known_later}
        columns = {name: one.awaited() if name in awaited else one for name, one in self.columns.items()}
        return self if self.outcome is None else replace(self, columns=columns)

    def in_timezone(self, timezone: str) -> Contract:
        """Return the contract for a model that reads times without a zone in `timezone`.

        Raises `ContractError` when a column states another ``defaultTimezone``: the same value would be two instants.
        """
        for column in self.columns.values():
            if column.default_time_zone not in (None, timezone):
                own = f"{self.file.name}, column '{column.name}': its defaultTimezone is {column.default_time_zone}"
                other = f"the model reads times without a zone in {timezone} (its partitions.timezone)"
                raise ContractError(f"{own}, but {other}. State the same")
        return replace(self, timezone=timezone)

    def has_personal(self, columns: Iterable[str]) -> bool:
        """Return whether one of these columns is personal."""
        return any(self.columns[name].personal for name in columns if name in self.columns)

    @property
    def checks(self) -> tuple[ContractCheck, ...]:
        """Checks of the table, those on the whole table first, in the order of ``ValidationResult.check_results``."""
        columns = (
            ContractCheck(column.check, column.name, described(column.description, f"{column.phrase}."))
            for column in self.columns.values()
        )
        return (*self._table_checks(), *columns, *self.rules)

    @property
    def referenced_tables(self) -> tuple[str, ...]:
        """The other tables that the contract's references and queries read, in order."""
        return tuple(sorted({table for rule in self.rules for table in rule.tables} - {self.table}))

    @property
    def needs_now(self) -> bool:
        """Whether a result depends on the time: a rule bounds the age of the newest row."""
        return any(rule.needs_now for rule in self.rules)

    @property
    def partitioned_checks(self) -> tuple[ContractCheck, ...]:
        """``checks``, and last the one that is made when ``validate`` is given a window."""
        return (*self.checks, PARTITION_CHECK)

    @property
    def row_count_phrase(self) -> str:
        """The bounds of the row count in words."""
        return f"at least {self.min_rows:,}" + ("" if self.max_rows is None else f" and at most {self.max_rows:,}")

    def _table_checks(self) -> tuple[ContractCheck, ...]:
        share = percent(self.max_quarantine_share)
        checks = {
            "schema": f"The {len(self.columns)} columns of the contract, no other, each of its type.",
            "row_count": f"The number of rows is {self.row_count_phrase}.",
            "quarantine_share": f"At most {share} of the rows break a rule on their values.",
        }
        key = ContractCheck("key", None, f"No two rows have the same {', '.join(self.key)}.", reads=self.key)
        return (*(ContractCheck(name, None, says) for name, says in checks.items()), *([key] if self.key else ()))


PARTITION_CHECK = ContractCheck("partition", None, "Each row's time lies within the partition.")
