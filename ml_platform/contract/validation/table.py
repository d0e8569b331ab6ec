"""A table in the types of its contract, read before any rule sees it.

Values of another type are found here and blanked out, so that a column is of one type for its rules. A blanked value
counts as missing where the share of missing values is bounded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import polars as pl
import pyarrow as pa

from ml_platform.contract.contract import Contract, Window
from ml_platform.contract.result import CheckResult, CompiledCheck, ContractCheck, Expectation, Outcome, Rejection
from ml_platform.contract.rules import MultipleOf, Rule, row_expectation, true_expectation
from ml_platform.contract.table_rule import EXAMPLES, some
from ml_platform.contract.validation.casts import other_physical_type
from ml_platform.contract.validation.expressions import multiples
from ml_platform.contract.validation.given import GivenTable, Table, collected, given_table
from ml_platform.contract.validation.types import found_in, localized, no_values, other_type, typed
from ml_platform.errors import ContractError, DataError


@dataclass(frozen=True)
class TypedTable:
    """A table as far as it could be read in the types of its contract, with all that its checks may need.

    ``frame`` has the columns of the contract that could be read. Values of another type are blanked out there, and kept
    in ``mistyped`` (column → row → value). For the other columns ``unread`` says why they are not in it. ``retyped``
    says what a column is instead of its physical type; its values could be read all the same. ``unexpected`` are the
    columns that the contract does not name, ``references`` the other tables that references and queries read.
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
        texts = [", ".join(map(self.shown, columns, one)) for one in values]
        return some([f"row {row}: {text}" for row, text in zip(rows, texts, strict=False)])

    def shown(self, column: str, value: Any) -> str:
        """Return a value of a column for messages and pages."""
        return self.contract.columns[column].shown(value)

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
        """Return which rows are found in a table, by the columns that theirs refer to; see `types.found_in`."""
        other = None if table == self.contract.table else self.references[table]
        source = f"{self.contract.file.name}: table '{table}'"
        return found_in(self.frame, self.contract.columns, targets, other, source)

    def to_arrow(self, others: Sequence[str]) -> dict[str, pa.Table]:
        """Return this table and others as a query sees them: numbers are floats, as they were when it was read."""
        columns = self.contract.columns
        whole = [name for name, dtype in self.schema.items() if dtype.is_integer() and columns[name].type == "number"]
        tables = {self.contract.table: self.frame.with_columns(pl.col(whole).cast(pl.Float64)).collect().to_arrow()}
        for name in others:
            other = self.references[name]
            if isinstance(other, pl.LazyFrame):
                tables[name] = collected(other, f"table '{name}'").to_arrow()
                continue
            try:
                tables[name] = pa.Table.from_pandas(other, preserve_index=False)
            except pa.ArrowException as error:
                raise ContractError(f"table '{name}' cannot be read by a query: {error}") from error
        return tables

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


def read_table(contract: Contract, table: Table, file: str) -> TypedTable:
    """Read every column of the contract that is there and of its type; raise `DataError` if the file is unreadable."""
    try:
        stored = {name: column.stored_type for name, column in contract.columns.items()}
        return _read_table(contract, given_table(stored, table), file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error


def _read_table(contract: Contract, given: GivenTable, file: str) -> TypedTable:
    expressions = {name: typed(contract.columns[name], found.dtype) for name, found in given.columns.items()}
    n_rows, n_present, n_typed = _count(given, expressions)
    source = f"{file} ({n_rows:,} rows)"
    contract = contract.awaiting(some_outcome=n_present.get(contract.outcome or "", 0) > 0)
    read: dict[str, pl.Expr] = {}
    mistyped: dict[str, Mapping[int, Any]] = {}
    unread: dict[str, str] = {}
    retyped: dict[str, str] = {}
    for name, column in contract.columns.items():
        if column.may_be_absent and name not in given.names:
            read[name] = no_values(column)
        elif name not in given.columns:
            unread[name] = _absence(name, given.names, contract, source)
        elif not n_present[name]:  # of no type; that values are missing is for other rules
            read[name] = no_values(column)
        elif why := other_type(column, given, n_typed[name]):
            unread[name] = f"{why}, in {source}"
        elif (expression := expressions[name]) is not None:
            read[name] = expression
            if why := other_physical_type(column, given, expression):
                retyped[name] = f"{why}, in {source}"
            if n_typed[name] < n_present[name]:
                wrong = given.select(name, pl.col(name).is_not_null() & expression.is_null())
                mistyped[name] = dict(sorted({**wrong, **given.columns[name].objects}.items()))
    unexpected = tuple(dict.fromkeys(name for name in given.names if name not in contract.columns))
    frame = given.frame.select(**read) if read else pl.DataFrame(height=n_rows).lazy()
    return TypedTable(contract, file, frame, n_rows, mistyped, unread, retyped, unexpected)


def _count(given: GivenTable, expressions: Mapping[str, pl.Expr | None]) -> tuple[int, dict[str, int], dict[str, int]]:
    """Return the number of rows, and of each column how many values are there and how many are of its type."""
    present = [pl.col(name).count().alias(f"present {name}") for name in expressions]
    right = [one.count().alias(f"typed {name}") for name, one in expressions.items() if one is not None]
    counts = given.frame.select(pl.len().alias("rows"), *present, *right).collect(engine="streaming").row(0, named=True)
    n_present = {name: counts[f"present {name}"] + len(given.columns[name].objects) for name in expressions}
    return counts["rows"], n_present, {name: counts.get(f"typed {name}", 0) for name in expressions}


def _absence(name: str, present: Sequence[str], contract: Contract, source: str) -> str:
    if name in present:
        return f"is there {present.count(name)} times in {source}"
    close = get_close_matches(name, [other for other in present if other not in contract.columns], n=1, cutoff=0.5)
    guess = f" Did you mean '{close[0]}'?" if close else ""
    return f"is not in {source}. Columns: {', '.join(present)}.{guess}"
