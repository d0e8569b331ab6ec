"""How much one feature alone tells of a target, on the scale of an AUC: 0.5 nothing, 1 everything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau, rankdata

Array = NDArray[np.float64]

MIN_ROWS = 10
"""Rows of each class, and rows in which a feature is known, below which nothing is measured."""

SEED = 0
BINS = 32
FOLDS = 5
PRIOR_ROWS = 5
"""Rows of the overall mean that are added to each group, so that a small one is close to it (Micci-Barreca 2001)."""


@dataclass(frozen=True)
class PredictivePower:
    """The most telling view of a feature."""

    auc: float
    """Concordance: of two rows with different targets, how often the one with the greater target has the greater value;
    of a target with two values, the AUC."""
    standard_error: float
    """Of the AUC (Hanley and McNeil 1982)."""
    view: str
    """What was measured: the value, whether it is missing, or its target encoding."""

    @property
    def low(self) -> float:
        """Lower end of the two-sided 95% interval."""
        return max(0.0, self.auc - 1.96 * self.standard_error)

    @property
    def high(self) -> float:
        """Upper end of the two-sided 95% interval."""
        return min(1.0, self.auc + 1.96 * self.standard_error)


def predictive_power(values: pd.Series, kind: str, target: Array) -> PredictivePower | None:
    """Return the most telling of a feature's views: its value, whether it is missing, and its target encoding.

    The encoding gives each category (each of `BINS` quantile bins of a number; missing is one) the target's mean in
    the other folds, so that a category which is seen once tells nothing of itself. None where there are too few rows,
    or the target is constant.

    Parameters
    ----------
    kind
        ``number`` or ``category``.
    target
        0 or 1 for a class, or numbers; shape ``(n,)``, none missing.
    """
    if len(target) < 2 * MIN_ROWS:
        return None
    missing = values.isna().to_numpy()
    views = [_undirected(missing.astype(float), target, "whether it is missing")]
    if kind == "number":
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        views.append(_undirected(numbers[~missing], target[~missing], "its value"))
    views.append(encoded_auc(values, kind, target))
    return max((view for view in views if view is not None), key=lambda view: view.auc, default=None)


def powers(values: pd.Series, kind: str, target: NDArray[Any], classes: Sequence[str]) -> list[PredictivePower]:
    """Return the predictive power for each of more than two classes against the others, else for the target itself.

    `target` holds codes of `classes`, or numbers where there are no classes.
    """
    if len(classes) <= 2:
        return [power] if (power := predictive_power(values, kind, target.astype(float))) else []
    by_class = {
        name: predictive_power(values, kind, (target == code).astype(float)) for code, name in enumerate(classes)
    }
    return [
        replace(power, view=f"{power.view}, for class '{name}' against the others")
        for name, power in by_class.items()
        if power
    ]


def encoded_auc(values: pd.Series, kind: str, target: Array) -> PredictivePower | None:
    """Return the AUC of a feature's target encoding, out of fold; it is 0.5 on average where nothing is told."""
    return auc_of(encode_out_of_fold(codes_of(values, kind), target), target, "its target encoding, out of fold")


def auc_of(values: Array, target: Array, view: str) -> PredictivePower | None:
    """Return the AUC or concordance of values; it is below 0.5 where great values go with small targets."""
    outcomes = np.unique(target)
    if len(outcomes) < 2 or len(target) < 2 * MIN_ROWS:
        return None
    if len(outcomes) > 2:
        half = len(target) // 2
        concordance = _concordance(values, target)
        return PredictivePower(concordance, auc_standard_error(concordance, half, half), view)
    above = target == outcomes[1]
    n_below, n_above = int((~above).sum()), int(above.sum())
    if min(n_below, n_above) < MIN_ROWS:
        return None
    # The Mann-Whitney statistic over its maximum.
    auc = float((rankdata(values)[above].sum() - n_above * (n_above + 1) / 2) / (n_above * n_below))
    return PredictivePower(auc, auc_standard_error(auc, n_below, n_above), view)


def auc_standard_error(auc: float, n_below: int, n_above: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil 1982, equation 1)."""
    auc = max(auc, 1 - auc)
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n_above - 1) * (q1 - auc**2) + (n_below - 1) * (q2 - auc**2)
    return float((max(variance, 0.0) / (n_below * n_above)) ** 0.5)


def codes_of(values: pd.Series, kind: str) -> NDArray[np.intp]:
    """Return the number of each row's group: a category, or a quantile bin of a number; missing is group 0."""
    if kind != "number":
        return pd.factorize(values)[0] + 1
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return np.zeros(len(numbers), dtype=np.intp)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
    return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, side="left") + 1)


def encode_out_of_fold(codes: NDArray[np.intp], target: Array) -> Array:
    """Return, for each row, the mean target of its group in the other folds, drawn towards the overall mean."""
    fold = np.random.default_rng(SEED).permutation(len(codes)) % FOLDS
    n_groups = codes.max(initial=0) + 1
    cells = fold * n_groups + codes
    counts = np.bincount(cells, minlength=FOLDS * n_groups).reshape(FOLDS, -1)
    sums = np.bincount(cells, weights=target, minlength=FOLDS * n_groups).reshape(FOLDS, -1)
    other_counts, other_sums = counts.sum(axis=0) - counts, sums.sum(axis=0) - sums
    encoded: Array = (other_sums + PRIOR_ROWS * target.mean()) / (other_counts + PRIOR_ROWS)
    return encoded[fold, codes]


def _undirected(values: Array, target: Array, view: str) -> PredictivePower | None:
    power = auc_of(values, target, view)
    return power and replace(power, auc=max(power.auc, 1 - power.auc))


def _concordance(values: Array, target: Array) -> float:
    """Return (1 + Somers' D) / 2 of the values given the target (Somers 1962; Newson 2002), from Kendall's tau-b."""
    untied = [_untied_pairs(x) for x in (values, target)]
    if untied[0] == 0:
        return 0.5
    tau = float(kendalltau(values, target).statistic)
    return float(0.5 + 0.5 * tau * np.sqrt(untied[0] / untied[1]))


def _untied_pairs(values: Array) -> float:
    counts = np.unique(values, return_counts=True)[1].astype(float)
    n = float(len(values))
    return float(n * (n - 1) - (counts * (counts - 1)).sum())
