"""A partition compared with a reference: how far each column drifted, and whether that can be chance."""

from collections.abc import Sequence

from scipy.stats import false_discovery_control

from ml_platform.drift.count import Counts
from ml_platform.drift.metrics import DRIFT_METRICS
from ml_platform.drift.profile import ColumnBins, Profile
from ml_platform.drift.report import ColumnDrift, DriftReport, Level, written_p
from ml_platform.drift.settings import DriftSettings
from ml_platform.drift.significance import p_value_without_drift


def compare(profile: Profile, counts: Counts, settings: DriftSettings) -> DriftReport:
    """Return the drift of every column: an alarm needs both a large effect and significance.

    With no drift at all and 20 features, some feature reaches a decile PSI of 0.2 in most batches of 100 rows. The
    significance test keeps such a batch quiet. It is that of the PSI, whichever metric measures the size.
    """
    too_few = _too_few(profile.n_rows, counts.n_rows, settings.min_rows)
    columns = _not_compared(profile, too_few) if too_few else _compared(profile, counts, settings)
    return DriftReport(
        settings.metric, settings.warning, settings.critical, profile.n_rows, counts.n_rows, tuple(columns)
    )


def _too_few(n_reference: int, n_current: int, min_rows: int) -> str | None:
    """Return which side has too few rows: quantiles of a handful of rows say as little as a handful does."""
    for n_rows, whose in ((n_current, ""), (n_reference, " of the reference")):
        if n_rows < min_rows:
            return f"{n_rows:,} rows{whose} are too few to judge, at least {min_rows:,} are needed"
    return None


def _not_compared(profile: Profile, why: str) -> list[ColumnDrift]:
    return [ColumnDrift(c.name, None, None, None, "too_few_rows", f"{c.name}: {why}") for c in profile.columns]


def _compared(profile: Profile, counts: Counts, settings: DriftSettings) -> list[ColumnDrift]:
    pairs = [(bins, counts.by_column[bins.name]) for bins in profile.columns]
    p_values = [p_value_without_drift(bins.counts, current) for bins, current in pairs]
    adjusted = map(float, false_discovery_control(p_values))
    return [
        _column(bins, current, p_value, p_adjusted, settings)
        for (bins, current), p_value, p_adjusted in zip(pairs, p_values, adjusted, strict=True)
    ]


def _column(
    bins: ColumnBins, current: Sequence[int], p_value: float, p_adjusted: float, settings: DriftSettings
) -> ColumnDrift:
    value = DRIFT_METRICS[settings.metric](bins.counts, current)
    significant = p_adjusted <= settings.false_discovery_rate
    level: Level = "ok"
    if significant and value >= settings.warning:
        level = "critical" if value >= settings.critical else "warning"
    significance = f"{written_p(p_adjusted)}, {'significant' if significant else 'not significant'}"
    size = f"{bins.name}: {settings.metric.replace('_', ' ')} {value:.3f} ({significance})"
    return ColumnDrift(bins.name, value, p_value, p_adjusted, level, f"{size}; {_most_changed(bins, current)}")


def _most_changed(bins: ColumnBins, current: Sequence[int]) -> str:
    """Return which bin's share changed most, in words."""
    before = [count / sum(bins.counts) for count in bins.counts]
    now = [count / sum(current) for count in current]
    at = max(range(len(now)), key=lambda i: abs(now[i] - before[i]))
    if before[at] == now[at]:
        return "every bin holds the same share as before"
    return f"most in '{bins.labels[at]}': {before[at]:.1%} of the reference, {now[at]:.1%} now"
