"""Column profiles: how many values a column has, which, how long, how large."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ml_platform.scaffold.times import Kind

FEW = 100
"""Up to so many distinct values are listed."""


@dataclass(frozen=True)
class ColumnProfile:
    """One column."""

    name: str
    kind: Kind
    arrow_type: str
    """Of the file under ``data/raw``: ``int64``, ``double``, ``string``, …"""
    n_rows: int
    n_missing: int
    n_distinct: int
    values: tuple[Any, ...]
    counts: tuple[int, ...]
    """The distinct values in order and how often each is there, where there are at most ``FEW``; else empty."""
    least: Any
    most: Any
    """Of numbers, dates and times; None for others."""
    longest: int
    """Characters of the longest text."""
    mean_length: float
    has_zone: bool

    @property
    def missing_share(self) -> float:
        """Share of the rows without a value, 0 to 1."""
        return self.n_missing / self.n_rows

    @property
    def n_present(self) -> int:
        """Rows with a value."""
        return self.n_rows - self.n_missing

    @property
    def is_unique(self) -> bool:
        """Whether each row has a value and no two have the same."""
        return not self.n_missing and self.n_distinct == self.n_rows


def profile_columns(table: pa.Table) -> dict[str, ColumnProfile]:
    """Return the profile of each column, in order. Each column has at least one value."""
    return {name: _profile(name, table[name]) for name in table.column_names}


def _profile(name: str, column: pa.ChunkedArray) -> ColumnProfile:
    kind = _kind(column.type)
    present = column.drop_null()
    counted = pc.value_counts(present.combine_chunks())
    distinct, counts = counted.field("values"), counted.field("counts")
    ordered = sorted(zip(distinct.to_pylist(), counts.to_pylist(), strict=True)) if len(distinct) <= FEW else []
    extremes = pc.min_max(present) if kind not in ("string", "boolean") else None
    lengths = pc.utf8_length(present) if kind == "string" else None
    return ColumnProfile(
        name=name,
        kind=kind,
        arrow_type=str(column.type),
        n_rows=len(column),
        n_missing=column.null_count,
        n_distinct=len(distinct),
        values=tuple(value for value, _ in ordered),
        counts=tuple(count for _, count in ordered),
        least=extremes["min"].as_py() if extremes else None,
        most=extremes["max"].as_py() if extremes else None,
        longest=pc.max(lengths).as_py() if lengths is not None else 0,
        mean_length=pc.mean(lengths).as_py() if lengths is not None else 0.0,
        has_zone=pa.types.is_timestamp(column.type) and column.type.tz is not None,
    )


def _kind(arrow: pa.DataType) -> Kind:
    """Return the logical type of an Arrow type."""
    tests: dict[Kind, Callable[[pa.DataType], bool]] = {
        "boolean": pa.types.is_boolean,
        "integer": pa.types.is_integer,
        "number": pa.types.is_floating,
        "timestamp": pa.types.is_timestamp,
        "date": pa.types.is_date,
    }
    return next((kind for kind, test in tests.items() if test(arrow)), "string")
