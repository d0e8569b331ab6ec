"""A delivery: the rows of one or several files, in the columns and types of the model's contract."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from ml_platform.choices import did_you_mean
from ml_platform.contract import Contract
from ml_platform.contract.validation.casts import arrow_type, cast_rows
from ml_platform.contract.validation.table import read_table
from ml_platform.contract.validation.types import phrase
from ml_platform.delivery import Delivery
from ml_platform.errors import DataError
from ml_platform.pipeline.delivery.files import DeliveredFile, find_files, read_file
from ml_platform.pipeline.delivery.text import EXAMPLES, read_text
from ml_platform.pipeline.model import Model


@dataclass(frozen=True)
class DeliveredRows:
    """Rows as they are delivered, each column in the contract's type."""

    where: str
    """The file, or the files, for messages."""
    rows: pa.Table
    has_key: bool
    """Whether each row is named: else rows are numbered when they are stored."""
    only_outcomes: bool
    """Whether there is nothing but keys and what is known later of rows that are stored."""


def read_delivery(model: Model, stated: Path) -> DeliveredRows:
    """Read a file, a folder of files, or those that match a pattern.

    Raises
    ------
    NotStored
        When there is no such file.
    DataError
        When a file is empty or unreadable, is not of this model, or holds values that are not of the contract's type;
        when two files have other columns; when a key is there twice.
    """
    spec = model.spec
    contract = model.contracts[spec.entity.table]
    parts = {path: _read(contract, spec.delivery, read_file(path, spec.delivery)) for path in find_files(stated)}
    first, table = next(iter(parts.items()))
    for path, other in parts.items():
        if differing := sorted(set(other.column_names) ^ set(table.column_names)):
            having, lacking = (path, first) if differing[0] in other.column_names else (first, path)
            raise DataError(
                f"{stated} mixes tables: {having.name} has column '{differing[0]}', and {lacking.name} has not"
            )
    rows = pa.concat_tables([part.select(table.column_names) for part in parts.values()])
    where = str(stated)
    only_outcomes = _validate_columns(model, where, rows.column_names)
    has_key = all(name in rows.column_names for name in spec.entity.key)
    if has_key:
        rows = _validate_keys(model, where, rows, only_outcomes=only_outcomes)
    return DeliveredRows(where, rows, has_key, only_outcomes)


def late_columns(contract: Contract) -> list[str]:
    """Return the columns that are filled after the prediction, the outcome first."""
    return [name for name in (contract.outcome, *contract.known_later) if name is not None]


def named_key(model: Model, row: Mapping[str, Any]) -> str:
    """Return a row's key as messages have it."""
    columns = model.contracts[model.spec.entity.table].columns
    return ", ".join(f"{name} = {columns[name].shown(row[name])}" for name in model.spec.entity.key)


def _read(contract: Contract, delivery: Delivery, file: DeliveredFile) -> pa.Table:
    names = {column.business_name or name: name for name, column in contract.columns.items()}
    names |= {name: name for name in contract.columns}
    given = {name: values for name, values in file.columns.items() if name not in delivery.ignore or name in names}
    unknown = [name for name in given if name not in names]
    if unknown:
        lacking = [name for name in contract.columns if name not in {names.get(one) for one in given}]
        raise DataError(_say_unknown(contract, file, unknown, lacking))
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name, values in given.items():
        column = contract.columns[names[name]]
        where = f"{file.path}, column '{name}'"
        text = not isinstance(values, pa.ChunkedArray)
        columns[column.name] = read_text(column, values, delivery, where=where, lines=file.lines) if text else values
    return _in_types(contract, file.path, pa.table(columns))


def _say_unknown(contract: Contract, file: DeliveredFile, unknown: Sequence[str], lacking: Sequence[str]) -> str:
    if len(unknown) > 1 and len(lacking) >= len(contract.columns) / 2:
        shown = ", ".join(lacking[:EXAMPLES]) + (", …" if len(lacking) > EXAMPLES else "")
        counts = f"it lacks {len(lacking)} of {len(contract.columns)} columns ({shown})"
        others = ", ".join(unknown[:EXAMPLES]) + (", …" if len(unknown) > EXAMPLES else "")
        return f"{file.path} is no file of table '{contract.table}': {counts} and has others ({others})"
    guess = did_you_mean(unknown[0], lacking) if lacking else "To leave it out: delivery.ignore in defs.yaml"
    return f"{file.path}: column '{unknown[0]}' is not in {contract.file.name}. {guess}"


def _in_types(contract: Contract, path: Path, rows: pa.Table) -> pa.Table:
    """Return a file's rows in the types of the contract, or raise DataError where a value would be altered."""
    columns = {name: contract.columns[name] for name in rows.column_names}
    given = replace(contract, columns=columns, outcome=None)
    read = read_table(given, pl.DataFrame(pl.from_arrow(rows)).lazy(), str(path))
    for name, why in {**read.unread, **read.retyped}.items():
        raise DataError(f"column '{name}' {why}")
    for name, wrong in read.mistyped.items():
        examples = ", ".join(
            f"{columns[name].shown(value)} (row {row + 1})" for row, value in list(wrong.items())[:EXAMPLES]
        )
        counts = f"{len(wrong):,} of {len(rows):,} values are not {phrase(columns[name])}"
        raise DataError(f"{path}, column '{name}': {counts}: {examples}")
    cast = cast_rows(given, rows)
    fields = [pa.field(name, arrow_type(columns[name])) for name in rows.column_names]
    return pa.table([cast[one.name].cast(one.type) for one in fields], schema=pa.schema(fields))


def _validate_columns(model: Model, where: str, given: Sequence[str]) -> bool:
    """Reject a delivery without columns that it needs; return whether it holds nothing but outcomes."""
    spec, contract = model.spec, model.contracts[model.spec.entity.table]
    late = late_columns(contract)
    lacking = [name for name in contract.columns if name not in (*given, *late, spec.delivery.row_number)]
    if not lacking:
        return False
    known = {*spec.entity.key, *late, spec.entity.time}
    if set(given) <= known and set(spec.entity.key) <= set(given) and spec.target.column in given:
        return True
    shown = ", ".join(f"'{name}'" for name in lacking[:EXAMPLES]) + (", …" if len(lacking) > EXAMPLES else "")
    raise DataError(
        f"{where} lacks {len(lacking)} of the {len(contract.columns)} columns of {contract.file.name}: {shown}. "
        f"Outcomes alone come with the key ({', '.join(spec.entity.key)}) and '{spec.target.column}'"
    )


def _validate_keys(model: Model, where: str, rows: pa.Table, *, only_outcomes: bool) -> pa.Table:
    """Reject a key that is there twice; of outcomes, the same line twice is one."""
    key, frame = list(model.spec.entity.key), pl.DataFrame(pl.from_arrow(rows))
    if only_outcomes:
        frame = frame.unique(maintain_order=True)
    twice = frame.filter(frame.select(key).is_duplicated())
    if not len(twice):
        return rows if len(frame) == len(rows) else frame.to_arrow().cast(rows.schema)
    one = twice.row(0, named=True)
    said = named_key(model, one)
    if only_outcomes:
        same = twice.filter(pl.all_horizontal(pl.col(name) == one[name] for name in key))
        target = model.contracts[model.spec.entity.table].columns[model.spec.target.column]
        outcomes = ", ".join(map(target.shown, same[target.name].to_list()[:EXAMPLES]))
        raise DataError(f"{where}: {said} has {len(same)} outcomes: {outcomes}. Each key has one")
    n_keys = twice.select(key).n_unique()
    raise DataError(f"{where}: {n_keys:,} keys are there more than once, such as {said}. A key names one row")
