"""How much each feature alone tells of the target. An association is no cause, and a strong one may be a leak."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr

from ml_platform.exploration.rows import Rows
from ml_platform.predictive_power import powers


@dataclass(frozen=True)
class Association:
    """One feature and the target."""

    column: str
    n_rows: int
    """Rows in which the feature is known."""
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    """Predictive power of the feature's most telling view, with its 95% interval; None where there is none."""
    view: str | None = None
    """Which view that is; of several classes, also which class it tells best."""
    spearman: float | None = None
    """Rank correlation of a number with the target over the known rows, which shows the direction; None for a category,
    for several classes, and where nothing varies."""
    reason: str | None = None
    """Why nothing is measured."""


def associate(rows: Rows) -> tuple[Association, ...]:
    """Return each feature's association with the target, the strongest first."""
    return tuple(sorted((_associate(rows, name) for name in rows.kinds), key=lambda found: -(found.auc or 0.0)))


def _associate(rows: Rows, name: str) -> Association:
    values = rows.series(name)
    n_known, n_distinct = int(values.notna().sum()), values.nunique(dropna=False)
    found = powers(values, rows.kinds[name], rows.target, rows.classes)
    if n_distinct < 2 or not found:
        return Association(name, n_known, reason=_nothing_varies(rows, n_known, n_distinct))
    most = max(found, key=lambda power: power.auc)
    return Association(name, n_known, most.auc, most.low, most.high, most.view, _spearman(rows, name))


def _spearman(rows: Rows, name: str) -> float | None:
    if rows.kinds[name] != "number" or rows.task == "multiclass":
        return None
    known = ~np.isnan(rows.numbers[name])
    values, target = rows.numbers[name][known], rows.target[known]
    if min(len(np.unique(values)), len(np.unique(target))) < 2:
        return None
    return float(spearmanr(values, target).statistic)


def _nothing_varies(rows: Rows, n_known: int, n_distinct: int) -> str:
    if n_distinct < 2:
        return "one value only" if n_known else "no value at all"
    if len(np.unique(rows.target)) < 2:
        return "the target has one value only"
    return "too few rows"
