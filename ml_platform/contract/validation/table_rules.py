"""The rules on a table as a whole. One table says how each kind is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa

from ml_platform.contract.contract import ContractCheck
from ml_platform.contract.display import EXAMPLES, duration, percent, shown, some
from ml_platform.contract.sql import run_query
from ml_platform.contract.table_rules import (
    AgeRule,
    CountRule,
    DuplicateRule,
    ExpectationRule,
    GapRule,
    ReferenceRule,
    RowCountRule,
    SqlRule,
    TableRule,
)
from ml_platform.contract.validation.checks import CompiledCheck, Outcome, Results, Subject, unchecked
from ml_platform.contract.validation.columns import compile_rules
from ml_platform.contract.validation.expectations import Expectation, key_expectation, true_expectation
from ml_platform.contract.validation.given import Table
from ml_platform.contract.validation.references import found_in
from ml_platform.errors import ContractError


class Finding(NamedTuple):
    """Whether a rule holds, how many rows break it, and what the message says."""

    passed: bool
    n_failed: int
    text: str


class Compiled(NamedTuple):
    """The expectations of a rule, what their results mean, and the columns of booleans that some are about."""

    expectations: Sequence[Expectation]
    interpret: Callable[[Results], Finding]
    derived: Mapping[str, pl.Expr] = MappingProxyType({})


def compile_table_rule(rule: TableRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of a rule; without rows, or a column that it reads, it does not pass."""
    if failure := unchecked(subject, check, rule.reads):
        return failure
    compiled = COMPILERS[type(rule)](rule, subject)

    def interpret(results: Results) -> Outcome:
        passed, n_failed, text = compiled.interpret(results)
        text = text if passed else f"in {subject.table.source}, {text}"
        return Outcome(subject.result(check, passed, n_failed, text))

    return CompiledCheck(check, compiled.expectations, interpret, compiled.derived)


def _count(rule: CountRule, subject: Subject) -> Compiled:
    table, column = subject.table, str(rule.column)
    expectations, derived = compile_rules(rule.parts, rule.check, column, subject)

    def interpret(results: Results) -> Finding:
        rows = sorted({row for result in results for row in result.rows})
        share = f"{percent(len(rows) / table.n_rows)}, " if rule.percent else ""
        text = f"{len(rows):,} of {table.n_rows:,} values of {column} are {rule.called} ({share}{_must(rule)})"
        passed = rule.limit.holds(_measured(len(rows), rule, subject))
        return Finding(passed, len(rows), f"{text}{'' if passed else _examples([column], rows, subject)}.")

    return Compiled(expectations, interpret, derived)


def _duplicates(rule: DuplicateRule, subject: Subject) -> Compiled:
    def interpret(results: Results) -> Finding:
        rows = results[0].rows
        n_values = len(set(subject.table.rows(rule.columns, rows)))
        names = ", ".join(rule.columns)
        text = f"{n_values:,} values of {names} are there more than once, in {len(rows):,} rows ({_must(rule)})"
        passed = rule.limit.holds(_measured(n_values, rule, subject))
        return Finding(passed, len(rows), f"{text}{'' if passed else _examples(rule.columns, rows, subject)}.")

    return Compiled([key_expectation(rule.columns)], interpret)


def _measured(n_counted: int, rule: CountRule | DuplicateRule, subject: Subject) -> float:
    return 100 * n_counted / subject.table.n_rows if rule.percent else n_counted


def _must(rule: CountRule | DuplicateRule) -> str:
    return f"must {rule.limit}{' percent' if rule.percent else ''}"


def _examples(columns: Sequence[str], rows: Sequence[int], subject: Subject) -> str:
    """Return ``": row 3: 'b', 7"``: the first rows and their values; nothing without rows."""
    values = subject.table.rows(columns, rows[: EXAMPLES + 1])
    examples = [f"row {row}: {', '.join(map(shown, one))}" for row, one in zip(rows, values, strict=False)]
    return f": {some(examples)}" if rows else ""


def _row_count(rule: RowCountRule, subject: Subject) -> Compiled:
    n_rows = subject.table.n_rows
    finding = Finding(rule.limit.holds(n_rows), 0, f"there are {n_rows:,} rows, which must {rule.limit}.")
    return Compiled((), lambda results: finding)


def _query(rule: SqlRule, subject: Subject) -> Compiled:
    def interpret(results: Results) -> Finding:
        try:
            tables = {name: _to_arrow(subject.references[name]) for name in rule.tables}
            value = run_query(rule.query, tables | {subject.contract.table: _queried(subject)})
        except (ContractError, pa.ArrowException) as error:
            return Finding(False, 0, f"{error}")
        passed = value is not None and rule.limit.holds(value)
        return Finding(passed, 0, f"the query yields {shown(value)}, which must {rule.limit}.")

    return Compiled((), interpret)


def _to_arrow(table: Table) -> pa.Table:
    if isinstance(table, pl.LazyFrame):
        return table.collect().to_arrow()
    return pa.Table.from_pandas(table, preserve_index=False)


def _queried(subject: Subject) -> pa.Table:
    """Return the typed table; numbers are floats to a query, as it was read at load."""
    numbers = [name for name, column in subject.contract.columns.items() if column.type == "number"]
    whole = [name for name, dtype in subject.table.schema.items() if name in numbers and dtype.is_integer()]
    return subject.table.frame.with_columns(pl.col(whole).cast(pl.Float64)).collect().to_arrow()


def _expectation(rule: ExpectationRule, subject: Subject) -> Compiled:
    def interpret(results: Results) -> Finding:
        result = results[0]
        observed = "" if result.observed is None else f", observed {shown(result.observed)}"
        text = f"{rule.expectation} {'holds' if result.passed else 'does not hold'}: {len(result.rows):,} rows break it"
        examples = some([f"row {row}" for row in result.rows[: EXAMPLES + 1]])
        return Finding(result.passed, len(result.rows), f"{text}{f' ({examples})' if examples else ''}{observed}.")

    return Compiled([Expectation(rule.expectation, rule.arguments)], interpret)


def _reference(rule: ReferenceRule, subject: Subject) -> Compiled:
    """Rows with a missing value refer to nothing, as in SQL."""
    table, own, target = subject.table, ", ".join(rule.columns), f"{', '.join(rule.targets)} of {rule.table}"
    found = found_in(rule, subject)
    if found is None:
        return Compiled(
            (),
            lambda results: Finding(
                False, 0, f"values of {own} cannot be compared with {target}: they are of other types."
            ),
        )
    n_values = table.frame.select(found.count()).collect().item()

    def interpret(results: Results) -> Finding:
        rows = results[0].rows
        n_found = n_values - len(rows)
        share = n_found / n_values if n_values else 1.0
        text = f"{n_found:,} of {n_values:,} values of {own} are in {target}"
        text = f"{text} ({percent(share)}, at least {percent(rule.min_share)})"
        if share >= rule.min_share:
            return Finding(True, len(rows), f"{text}.")
        return Finding(False, len(rows), f"{text}; not there{_examples(rule.columns, rows, subject)}.")

    name = f"{rule.check} holds"
    return Compiled([true_expectation(name)], interpret, {name: found})


def _age(rule: AgeRule, subject: Subject) -> Compiled:
    """The age of the newest value; one that lies after the present has no age and passes."""
    assert subject.now is not None
    now, name = subject.now.astimezone(UTC), str(rule.column)
    newest = subject.table.frame.select(_moments(rule, subject).max()).collect().item()
    if newest is None:
        finding = Finding(False, 0, f"{name} has no value to tell the age by.")
    else:
        apart = f"{duration(now - newest)} before" if newest <= now else f"{duration(newest - now)} after"
        text = f"the newest {name} is {newest}, {apart} {now}, at most {duration(rule.span)} allowed."
        finding = Finding(now - newest <= rule.span, 0, text)
    return Compiled((), lambda results: finding)


def _gap(rule: GapRule, subject: Subject) -> Compiled:
    """The longest time between two values that follow each other."""
    times = subject.table.frame.select(_moments(rule, subject).drop_nulls().sort()).collect().to_series()
    gaps: list[timedelta] = times.diff().drop_nulls().to_list()
    n_over = sum(gap > rule.span for gap in gaps)
    if times.is_empty():
        finding = Finding(False, 0, f"{rule.column} has no value to tell the frequency by.")
    elif not n_over:
        longest = duration(max(gaps)) if gaps else "none"
        finding = Finding(True, 0, f"the longest time without a row is {longest}, by {rule.column}.")
    else:
        before = gaps.index(max(gaps))
        longest = f"from {times[before]} to {times[before + 1]}"
        text = f"{n_over:,} times more than {duration(rule.span)} go by without a row by {rule.column}"
        finding = Finding(False, n_over, f"{text}, the longest {longest}.")
    return Compiled((), lambda results: finding)


def _moments(rule: AgeRule | GapRule, subject: Subject) -> pl.Expr:
    """Return a column of times as moments; one without a time zone is in UTC, as the standard has it."""
    times, dtype = pl.col(str(rule.column)), subject.table.schema[str(rule.column)]
    if not isinstance(dtype, pl.Datetime):
        return times.cast(pl.Datetime("us", "UTC"))
    return times.dt.replace_time_zone("UTC") if dtype.time_zone is None else times.dt.convert_time_zone("UTC")


COMPILERS: Mapping[type[TableRule], Callable[[Any, Subject], Compiled]] = MappingProxyType(
    {
        CountRule: _count,
        DuplicateRule: _duplicates,
        RowCountRule: _row_count,
        SqlRule: _query,
        ExpectationRule: _expectation,
        ReferenceRule: _reference,
        AgeRule: _age,
        GapRule: _gap,
    }
)
"""Kind of rule → what compiles it."""
