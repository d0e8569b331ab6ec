"""Reads a table in the types of its contract: which columns are there, and which values are of their type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import polars as pl

from ml_platform.contract.contract import Column, Contract
from ml_platform.contract.odcs.columns import INTEGERS
from ml_platform.contract.result import shown
from ml_platform.contract.validation.given import GivenTable, Table, given_table
from ml_platform.contract.validation.table import TypedTable
from ml_platform.contract.validation.types import no_values, phrase, typed
from ml_platform.errors import DataError


def read_table(contract: Contract, table: Table, file: str) -> TypedTable:
    """Read every column of the contract that is there and of its type.

    Raises
    ------
    DataError
        When the file cannot be read.
    """
    try:
        return _read_table(contract, given_table(contract.columns, table), file)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{file} cannot be read: {error}") from error


def _read_table(contract: Contract, given: GivenTable, file: str) -> TypedTable:
    expressions = {name: typed(contract.columns[name], found.dtype) for name, found in given.columns.items()}
    n_rows, n_present, n_typed = _count(given, expressions)
    source = f"{file} ({n_rows:,} rows)"
    read: dict[str, pl.Expr] = {}
    mistyped: dict[str, Mapping[int, Any]] = {}
    unread: dict[str, str] = {}
    retyped: dict[str, str] = {}
    for name, column in contract.columns.items():
        if name not in given.columns:
            unread[name] = _absence(name, given.names, contract, source)
        elif not n_present[name]:  # of no type; that values are missing is for other rules
            read[name] = no_values(column)
        elif why := _other_type(column, given, n_typed[name], is_complete=n_present[name] == n_rows):
            unread[name] = f"{why}, in {source}"
        elif (expression := expressions[name]) is not None:
            read[name] = expression
            if why := _other_physical_type(column, given, is_complete=n_present[name] == n_rows):
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


def _other_type(column: Column, given: GivenTable, n_typed: int, *, is_complete: bool) -> str:
    """Say how the whole column is of another type; empty when it is not."""
    found = given.columns[column.name]
    text = f"is {found.type_names[0]}, expected {phrase(column)}"
    if not n_typed:
        first = pl.col(column.name).is_not_null() & pl.col(column.name).is_not_null().cum_sum().eq(1)
        row, value = min([*given.select(column.name, first).items(), *found.objects.items()], key=lambda item: item[0])
        return f"{text} (row {row}: {shown(value)})"
    if column.type == "integer" and column.required and is_complete and found.dtype.is_float():
        return text  # floats stand for whole numbers where some are missing, but none is
    if isinstance(found.dtype, pl.Datetime) and column.has_time_zone not in (None, found.dtype.time_zone is not None):
        return f"{text} {'with' if column.has_time_zone else 'without'} a time zone"
    return ""


def _other_physical_type(column: Column, given: GivenTable, *, is_complete: bool) -> str:
    """Say what a column is instead of its physical type; empty when it is of it, or of several types."""
    found = given.columns[column.name].type_names
    if not column.physical_type or found[0] == "object":
        return ""
    in_general = {
        re.sub(", tz=.*]", ", zoned]", name).partition("(")[0].replace("decimal128", "decimal") for name in found
    }
    if not {*found, *in_general}.isdisjoint(column.arrow_types):
        return ""
    if given.is_pandas and found[0].startswith("decimal") and column.physical_type.startswith("decimal"):
        return ""
    if given.is_pandas and found[0] == "float64" and column.physical_type in INTEGERS and not is_complete:
        return ""
    return f"is {found[0]}, expected physicalType {column.physical_type}"
