"""Lossless casts: a column of another type than its contract's, each of whose values is the same there and back.

Programs write what they have: whole numbers as floats, dates as timestamps at midnight, times in nanoseconds. Contracts
accept such a column, and what is made from the file has the type of the contract.
"""

import re

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from ml_platform.contract.contract import Column, Contract
from ml_platform.contract.table_rule import some
from ml_platform.contract.validation.given import GivenTable, type_names

POLARS: dict[str, pl.DataType] = {
    **{f"int{bits}": getattr(pl, f"Int{bits}")() for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": getattr(pl, f"UInt{bits}")() for bits in (8, 16, 32, 64)},
    **{"float": pl.Float32(), "double": pl.Float64()},
    **dict.fromkeys(("date", "date32", "date32[day]"), pl.Date()),
}
"""Physical type → that of Polars; a timestamp has a unit and perhaps a zone as well."""
LOGICAL: dict[str, pl.DataType] = {"integer": pl.Int64(), "date": pl.Date(), "timestamp": pl.Datetime("us")}
"""Logical type → that of Polars, where a contract states no physical one."""
ARROW: dict[str, pa.DataType] = {"string": pa.string(), "boolean": pa.bool_(), "time": pa.time64("us")}
"""Logical type → that of Arrow, where Polars has none of its own for it."""
TIMESTAMP = re.compile(r"timestamp\[(s|ms|us|ns)(?:, ?(?:tz=)?(.+))?\]")


def cast_type(column: Column, found: pl.DataType) -> pl.DataType | None:
    """Return the type that a column's values can be cast to; None where they are of it, or are never cast."""
    if column.text_format is not None or _is_of(column, found):
        return None
    wanted = _wanted(column)
    return wanted if wanted is not None and _is_castable(found, wanted) else None


def survives(name: str, found: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    """Return which values are the same after a cast and back; missing ones are."""
    values = pl.col(name).fill_nan(None) if found.is_float() else pl.col(name)
    same = values.cast(wanted, strict=False).cast(found, strict=False) == values
    return values.is_null() | same.fill_null(False)


def other_physical_type(column: Column, given: GivenTable, typed: pl.Expr) -> str:
    """Say what a column is instead of its physical type, and which values that alters; empty when it alters none.

    `typed` are its values in the logical type: where one is of another, the row is rejected for that.
    """
    found = given.columns[column.name]
    if not column.physical_type or found.type_names[0] == "object" or _is_of(column, found.dtype):
        return ""
    if given.is_pandas and found.type_names[0].startswith("decimal") and column.physical_type.startswith("decimal"):
        return ""
    text = f"is {found.type_names[0]}, expected physicalType {column.physical_type}"
    wanted = cast_type(column, found.dtype)
    if wanted is None:
        return text
    altered = given.select(column.name, typed.is_not_null() & ~survives(column.name, found.dtype, wanted))
    examples = some([f"row {row}: {column.shown(value)}" for row, value in altered.items()])
    return f"{text}, which alters {len(altered):,} values ({examples})" if altered else ""


def cast_rows(contract: Contract, rows: pa.Table) -> pa.Table:
    """Return a table with the columns of the contract in its types, as far as no value is altered by that.

    An absent column that is known later (see `Contract.awaiting`) is added, without values. The same table is returned
    when nothing is to be done.
    """
    contract = contract.awaiting(some_outcome=_has_values(rows, contract.outcome))
    for name, column in contract.columns.items():
        if name not in rows.column_names:
            if column.may_be_absent:
                rows = rows.append_column(name, pa.nulls(len(rows), arrow_type(column)))
            continue
        place = rows.column_names.index(name)
        cast = _cast(column, rows[name])
        if cast is not None:
            rows = rows.set_column(place, name, cast)
    return rows


def _has_values(rows: pa.Table, name: str | None) -> bool:
    return name in rows.column_names and not pc.all(pc.is_null(rows[name], nan_is_null=True)).as_py()


def arrow_type(column: Column) -> pa.DataType:
    """Return the type in which a column of the contract is stored."""
    if column.text_format is not None or (wanted := _wanted(column)) is None:
        return ARROW.get(column.stored_type, pa.float64())
    return pl.Series([], dtype=wanted).to_arrow().type


def _cast(column: Column, values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return the values in the contract's type, missing for NaN; None where nothing changes, or values would."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
        return values if (cast := _cast(column, values)) is None else cast
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    read = pl.Series(column.name, pl.from_arrow(values))
    if read.dtype.is_float():
        read = read.fill_nan(None)
    if read.null_count() == len(read):
        is_right = values.null_count == len(read) and (values.type == arrow_type(column) or _is_of(column, read.dtype))
        return None if is_right else pa.nulls(len(read), arrow_type(column))
    wanted = cast_type(column, read.dtype)
    if wanted is None or not read.to_frame().select(survives(column.name, read.dtype, wanted)).to_series().all():
        return pc.if_else(pc.is_nan(values), None, values) if read.null_count() > values.null_count else None
    return pa.chunked_array([read.cast(wanted).to_arrow()])


def _is_of(column: Column, found: pl.DataType) -> bool:
    """Return whether a type is what the contract states; without a physical type, any width or unit is."""
    if column.physical_type:
        return any(re.fullmatch(column.arrow_type, name) for name in type_names(found))
    if column.type == "timestamp":
        return isinstance(found, pl.Datetime)
    return column.type not in LOGICAL or found == LOGICAL[column.type] or found.is_integer()


def _wanted(column: Column) -> pl.DataType | None:
    if timestamp := TIMESTAMP.fullmatch(column.physical_type):
        unit, zone = timestamp.groups()
        return pl.Datetime("ms" if unit == "s" else unit, zone)  # type: ignore[arg-type] # one of the units
    if not column.physical_type or column.physical_type.startswith("timestamp_"):
        zoned = column.type == "timestamp" and (column.has_time_zone or column.physical_type == "timestamp_tz")
        return pl.Datetime("us", "UTC") if zoned else LOGICAL.get(column.type)
    return POLARS.get(column.physical_type)


def _is_castable(found: pl.DataType, wanted: pl.DataType) -> bool:
    """Return whether values of two types can be the same: numbers, or times that both have a zone or both have none."""
    if found.is_numeric() and wanted.is_numeric():
        return True
    times = (pl.Date, pl.Datetime)
    zoned = [getattr(dtype, "time_zone", None) is not None for dtype in (found, wanted)]
    return found.base_type() in times and wanted.base_type() in times and zoned[0] == zoned[1]
