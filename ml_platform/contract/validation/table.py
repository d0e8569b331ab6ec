"""A table in the types of its contract, read before any rule sees it.

Values of another type are found here and blanked out, so that a column is of one type for its rules. A blanked value
counts as missing where the share of missing values is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl
import pyarrow as pa

from ml_platform.contract.contract import Contract, Window
from ml_platform.contract.result import (
    EXAMPLES,
    CheckResult,
    CompiledCheck,
    ContractCheck,
    Expectation,
    Outcome,
    Rejection,
    shown,
    some,
)
from ml_platform.contract.rules import MultipleOf, Rule, row_expectation, true_expectation
from ml_platform.contract.validation.expressions import multiples
from ml_platform.contract.validation.given import Table, collected, given_table
from ml_platform.contract.validation.types import common_type, localized, typed
from ml_platform.errors import ContractError


@dataclass(frozen=True)
class TypedTable:
    """A table as far as it could be read in the types of its contract, with all that its checks may need.

    Attributes
    ----------
    file
        Where the table came from.
    frame
        The columns of the contract that could be read, values of another type blanked out.
    mistyped
        Column → row → value, of those that were blanked out.
    unread
        Column of the contract → why it is not in ``frame``: missing, twice there, or of another type.
    retyped
        Column of the contract → what it is instead of its physical type; its values could be read all the same.
    unexpected
        Columns that the contract does not name.
    window
        The times that the rows must lie in, if any.
    references
        The other tables that references and queries read.
    now
        The moment that ages are counted to.
    """

    contract: Contract
    file: str
    frame: pl.LazyFrame
    n_rows: int
    mistyped: Mapping[str, Mapping[int, Any]]
    unread: Mapping[str, str]
    retyped: Mapping[str, str]
    unexpected: tuple[str, ...]
    window: Window | None = None
    references: Mapping[str, Table] = field(default_factory=dict)
    now: datetime | None = None

    @property
    def source(self) -> str:
        """The file with its size, for the messages."""
        return f"{self.file} ({self.n_rows:,} rows)"

    @property
    def schema(self) -> Mapping[str, pl.DataType]:
        """The types of the columns that could be read."""
        return self.frame.collect_schema()

    def rows(self, columns: Sequence[str], rows: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the values of columns in some rows."""
        return self.frame.select(pl.col(columns).gather(rows)).collect().rows()

    def examples(self, columns: Sequence[str], rows: Sequence[int]) -> str:
        """Return ``"row 3: 'b', 7, ..."``: the first of these rows with their values."""
        values = self.rows(columns, rows[: EXAMPLES + 1])
        return some([f"row {row}: {', '.join(map(shown, one))}" for row, one in zip(rows, values, strict=False)])

    def expectation(self, column: str, rule: Rule) -> Expectation:
        """Return what finds the rows that break a rule; of multiples the library knows nothing."""
        if isinstance(rule, MultipleOf):
            holds = multiples(column, rule.number, self.schema[column])
            return true_expectation(f"{column} is a multiple of {rule.number}", holds)
        return row_expectation(column, rule)

    def moments(self, column: str) -> pl.Series:
        """Return the dates or times of a column, but for missing ones, as instants in UTC."""
        times, dtype = pl.col(column), self.schema[column]
        if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
            times = times.dt.convert_time_zone("UTC")
        else:
            times = localized(times.cast(pl.Datetime("us")), self.contract.timezone)
        return self.frame.select(times).collect().to_series().drop_nulls()

    def found_in(self, table: str, targets: Mapping[str, str]) -> pl.Expr | None:
        """Return which rows are found in another table, missing where a value is; None when types do not compare.

        Both sides are read alike: a date that is written as text is a date on both. `targets` has for each column the
        one that it refers to.
        """
        given = self.frame if table == self.contract.table else self._read_as_own(table, targets)
        schema = given.collect_schema() if given is not None else {}
        own, other = [], []
        for name, target in targets.items():
            common = common_type(self.schema[name], schema[target]) if target in schema else None
            if common is None:
                return None
            own.append(pl.col(name).cast(common))
            other.append(pl.col(target).cast(common).alias(name))
        assert given is not None
        known = collected(given.select(other).drop_nulls().unique(), f"table '{table}'").to_struct()
        present = pl.all_horizontal(pl.col(name).is_not_null() for name in targets)
        return pl.when(present).then(pl.struct(own).is_in(known.implode()))

    def _read_as_own(self, table: str, targets: Mapping[str, str]) -> pl.LazyFrame | None:
        """Return the target columns in the types of the columns that refer to them; None when one is of another."""
        columns = {target: replace(self.contract.columns[name], name=target) for name, target in targets.items()}
        given = given_table(columns, self.references[table])
        read = {}
        for target, column in columns.items():
            dtype = given.columns[target].dtype
            read[target] = typed(column if dtype == pl.String else replace(column, text_format=None), dtype)
        return None if any(one is None for one in read.values()) else given.frame.select(**read)

    def to_arrow(self, others: Sequence[str]) -> dict[str, pa.Table]:
        """Return this table and others as a query sees them: numbers are floats, as they were when it was read."""
        columns = self.contract.columns
        whole = [name for name, dtype in self.schema.items() if dtype.is_integer() and columns[name].type == "number"]
        own = self.frame.with_columns(pl.col(whole).cast(pl.Float64)).collect().to_arrow()
        return {self.contract.table: own, **{name: _to_arrow(self.references[name], name) for name in others}}

    def outcome(
        self, check: ContractCheck, passed: bool, n_failed: int, text: str, rejected: Sequence[Rejection] = ()
    ) -> Outcome:
        """Return the outcome of a check; the message of a failure begins with the contract and the column."""
        where = f"{self.contract.file.name}" + (f", column '{check.column}'" if check.column else "")
        message = text if passed else f"{where}: {text}"
        return Outcome(CheckResult(check.name, check.column, passed, n_failed, message, check.severity), rejected)

    def rule_outcome(self, check: ContractCheck, passed: bool, n_failed: int, text: str) -> Outcome:
        """Return the outcome of a rule on the table; the message of a failure names the file, too."""
        return self.outcome(check, passed, n_failed, text if passed else f"in {self.source}, {text}")

    def decided(self, check: ContractCheck, passed: bool, n_failed: int, text: str) -> CompiledCheck:
        """Return a rule on the table that needs no expectation."""
        outcome = self.rule_outcome(check, passed, n_failed, text)
        return CompiledCheck(check, (), lambda results: outcome)


def _to_arrow(table: Table, name: str) -> pa.Table:
    if isinstance(table, pl.LazyFrame):
        return collected(table, f"table '{name}'").to_arrow()
    try:
        return pa.Table.from_pandas(table, preserve_index=False)
    except pa.ArrowException as error:
        raise ContractError(f"table '{name}' cannot be read by a query: {error}") from error
