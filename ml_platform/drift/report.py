"""The drift report of a partition: each column's drift metric, significance and level."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import TypeAdapter

Level = Literal["ok", "warning", "critical", "too_few_rows"]

LEVELS: tuple[Level, ...] = ("critical", "warning", "ok", "too_few_rows")
"""The worst first."""

METRIC_TITLES = {"population_stability_index": "PSI", "jensen_shannon_distance": "Jensen-Shannon distance"}
"""Metric → its name for people."""


@dataclass(frozen=True)
class ColumnDrift:
    """The drift of one column."""

    column: str
    value: float | None
    """The drift metric; None with too few rows."""
    p_value: float | None
    """Probability of counts this different without drift; None with too few rows."""
    p_adjusted: float | None
    """The same, adjusted over all columns of the report (Benjamini and Hochberg 1995)."""
    level: Level
    message: str
    """Metric, significance and the bin that changed most, in a sentence."""


@dataclass(frozen=True)
class DriftReport:
    """All columns of a reference, in its order."""

    metric: str
    warning: float
    critical: float
    n_reference: int
    n_current: int
    columns: tuple[ColumnDrift, ...]

    @property
    def metric_title(self) -> str:
        """The metric's name for people."""
        return METRIC_TITLES[self.metric]

    def worst_first(self) -> list[ColumnDrift]:
        """Return the columns by level, critical first, and then by value."""
        return sorted(self.largest_first(), key=lambda column: LEVELS.index(column.level))

    def largest_first(self) -> list[ColumnDrift]:
        """Return the columns by value, the largest first."""
        return sorted(self.columns, key=lambda column: (-(column.value or 0.0), column.column))

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "columns": [asdict(column) for column in self.columns]}  # a list, as JSON gives back

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "DriftReport":
        """Read what `to_document` wrote, and ignore further keys."""
        return TypeAdapter(cls).validate_python(document)


def written_p(p_value: float) -> str:
    """Return a p value for people: below one in a million its size says nothing more."""
    return "p < 1e-06" if p_value < 1e-6 else f"p {p_value:.1g}"
