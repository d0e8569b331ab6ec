"""A partition against a reference: which columns have moved, by how much, and whether that can be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ml_platform.drift.count import Counts
from ml_platform.drift.metrics import DRIFT_METRICS
from ml_platform.drift.profile import ColumnBins, Profile
from ml_platform.drift.psi import p_value_without_drift
from ml_platform.drift.settings import DriftSettings

Level = Literal["ok", "warn", "critical", "insufficient_data"]


@dataclass(frozen=True)
class ColumnDrift:
    """What was found about one column.

    Attributes
    ----------
    value
        The drift metric; None without enough rows.
    p_value
        Probability of counts this different without drift; None without enough rows.
    p_adjusted
        The same, adjusted over all columns of the report (Benjamini and Hochberg 1995).
    message
        The check_result in a sentence.
    """

    column: str
    value: float | None
    p_value: float | None
    p_adjusted: float | None
    level: Level
    message: str


@dataclass(frozen=True)
class DriftReport:
    """All columns of a reference, in its order."""

    metric: str
    warn: float
    critical: float
    n_reference: int
    n_current: int
    columns: tuple[ColumnDrift, ...]

    def at_level(self, level: Level) -> tuple[ColumnDrift, ...]:
        """Return the columns at a level, the largest value first."""
        return tuple(column for column in self.largest_first() if column.level == level)

    def largest_first(self) -> list[ColumnDrift]:
        """Return the columns by value, the largest first."""
        return sorted(self.columns, key=lambda column: (-(column.value or 0.0), column.column))

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "columns": [asdict(column) for column in self.columns]}  # a list, as JSON gives back

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> DriftReport:
        """Read what `to_document` wrote; what others have added to it is left out."""
        columns = tuple(ColumnDrift(**column) for column in document["columns"])
        names = ("metric", "warn", "critical", "n_reference", "n_current")
        return cls(**{name: document[name] for name in names}, columns=columns)


def compare(profile: Profile, counts: Counts, settings: DriftSettings) -> DriftReport:
    """Judge every column: an alarm needs both the size of the effect and significance for the numbers of rows.

    With no drift at all and 20 features, some feature reaches a decile PSI of 0.2 in most batches of 100 rows;
    significance is what keeps such a batch quiet. Its test is that of the PSI, whichever metric measures the size.
    """
    too_few = _too_few(profile.n_rows, counts.n_rows, settings.min_rows)
    columns = _unjudged(profile, too_few) if too_few else _judged(profile, counts, settings)
    return DriftReport(settings.metric, settings.warn, settings.critical, profile.n_rows, counts.n_rows, tuple(columns))


def _too_few(n_reference: int, n_current: int, min_rows: int) -> str | None:
    """Return which side is too small to be judged; quantiles of a handful of rows say as little as a handful does."""
    for n_rows, whose in ((n_current, ""), (n_reference, " of the reference")):
        if n_rows < min_rows:
            return f"{n_rows:,} rows{whose} are too few to judge, at least {min_rows:,} are needed"
    return None


def _unjudged(profile: Profile, why: str) -> list[ColumnDrift]:
    return [ColumnDrift(c.name, None, None, None, "insufficient_data", f"{c.name}: {why}") for c in profile.columns]


def _judged(profile: Profile, counts: Counts, settings: DriftSettings) -> list[ColumnDrift]:
    from scipy.stats import false_discovery_control

    currents = [counts.by_column[column.name] for column in profile.columns]
    p_values = [p_value_without_drift(bins.counts, now) for bins, now in zip(profile.columns, currents, strict=True)]
    adjusted = false_discovery_control(p_values)
    return [
        _column(bins, now, (p_value, float(p_adjusted)), settings)
        for bins, now, p_value, p_adjusted in zip(profile.columns, currents, p_values, adjusted, strict=True)
    ]


def _column(
    bins: ColumnBins, current: Sequence[int], p_values: tuple[float, float], settings: DriftSettings
) -> ColumnDrift:
    value = DRIFT_METRICS[settings.metric](bins.counts, current)
    significant = p_values[1] <= settings.false_discovery_rate
    level: Level = "ok"
    if significant and value >= settings.warn:
        level = "critical" if value >= settings.critical else "warn"
    chance = f"{written_p(p_values[1])}, {'not chance' if significant else 'within chance'}"
    size = f"{bins.name}: {settings.metric.replace('_', ' ')} {value:.3f} ({chance})"
    return ColumnDrift(bins.name, value, *p_values, level, f"{size}; {_furthest(bins, current)}")


def written_p(p_value: float) -> str:
    """Return a p value for people: below one in a million its size says nothing more."""
    return "p < 1e-06" if p_value < 1e-6 else f"p {p_value:.1g}"


def _furthest(bins: ColumnBins, current: Sequence[int]) -> str:
    """Say which bin's share has changed most."""
    before = [count / sum(bins.counts) for count in bins.counts]
    now = [count / sum(current) for count in current]
    at = max(range(len(now)), key=lambda i: abs(now[i] - before[i]))
    if before[at] == now[at]:
        return "every bin holds the same share as before"
    return f"most in '{bins.labels[at]}': {before[at]:.1%} of the reference, {now[at]:.1%} now"
