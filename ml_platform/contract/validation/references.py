"""References: which values of a table are found in another."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ml_platform.contract.contract import Column, ContractCheck
from ml_platform.contract.display import percent
from ml_platform.contract.table_rules import ReferenceRule
from ml_platform.contract.validation.checks import CompiledCheck, Outcome, Results, Subject, decided
from ml_platform.contract.validation.expectations import true_expectation
from ml_platform.contract.validation.given import Table, collected, given_table
from ml_platform.contract.validation.types import typed


def compile_reference(rule: ReferenceRule, check: ContractCheck, subject: Subject) -> CompiledCheck:
    """Return the check of a reference; rows with a missing value refer to nothing, as in SQL."""
    table, own, target = subject.table, ", ".join(rule.columns), f"{', '.join(rule.targets)} of {rule.table}"
    found = found_in(rule, subject)
    if found is None:
        text = f"values of {own} cannot be compared with {target}: they are of other types."
        return decided(check, subject.rule_outcome(check, False, 0, text))
    n_values = table.frame.select(found.count()).collect().item()

    def interpret(results: Results) -> Outcome:
        rows = results[0].rows
        n_found = n_values - len(rows)
        share = n_found / n_values if n_values else 1.0
        text = f"{n_found:,} of {n_values:,} values of {own} are in {target}"
        text = f"{text} ({percent(share)}, at least {percent(rule.min_share)})"
        if share >= rule.min_share:
            return subject.rule_outcome(check, True, len(rows), f"{text}.")
        text = f"{text}; not there: {table.examples(rule.columns, rows)}."
        return subject.rule_outcome(check, False, len(rows), text)

    name = f"{rule.check} holds"
    return CompiledCheck(check, [true_expectation(name)], interpret, {name: found})


def found_in(rule: ReferenceRule, subject: Subject) -> pl.Expr | None:
    """Return which rows are found in the other table, missing where a value is; None when types do not compare.

    Both sides are read alike: a date that is written as text is a date on both.
    """
    columns = [subject.contract.columns[name] for name in rule.columns]
    if rule.table == subject.contract.table:
        given: pl.LazyFrame | None = subject.table.frame
    else:
        given = _read(dict(zip(rule.targets, columns, strict=True)), subject.references[rule.table])
    if given is None:
        return None
    own, other = [], []
    schema = given.collect_schema()
    for name, target in zip(rule.columns, rule.targets, strict=True):
        common = _common_type(subject.table.schema[name], schema[target]) if target in schema else None
        if common is None:
            return None
        own.append(pl.col(name).cast(common))
        other.append(pl.col(target).cast(common).alias(name))
    known = collected(given.select(other).drop_nulls().unique(), f"table '{rule.table}'").to_struct()
    present = pl.all_horizontal(pl.col(name).is_not_null() for name in rule.columns)
    return pl.when(present).then(pl.struct(own).is_in(known.implode()))


def _read(columns: dict[str, Column], table: Table) -> pl.LazyFrame | None:
    """Return the target columns in the types of the columns that refer to them."""
    named = {target: replace(column, name=target) for target, column in columns.items()}
    given = given_table(named, table)
    read = {}
    for target, column in named.items():
        dtype = given.columns[target].dtype
        stored = column if dtype == pl.String else replace(column, text_format=None)
        expression = typed(stored, dtype)
        if expression is None:
            return None
        read[target] = expression
    return given.frame.select(**read)


def _common_type(own: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    """Return the type in which values of two types compare exactly; None when there is none."""
    if own == other:
        return own
    if own.is_integer() and other.is_integer():
        return pl.Int128()
    if own.is_numeric() and other.is_numeric():
        return pl.Float64()
    if isinstance(own, pl.Datetime) and isinstance(other, pl.Datetime) and own.time_zone == other.time_zone:
        return pl.Datetime("ns" if "ns" in (own.time_unit, other.time_unit) else "us", own.time_zone)
    return None
