"""How much one feature alone tells of a target, on the scale of an AUC: 0.5 nothing, 1 everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.leakage.encoding import codes_of, encode_out_of_fold

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

LEAST = 10
"""Rows of each class, and rows in which a feature is there, below which nothing is said."""


@dataclass(frozen=True)
class Association:
    """What the most telling view of a feature tells.

    Attributes
    ----------
    score
        Concordance: of two rows with different targets, how often the one with the greater target has the greater
        value; of a target with two values, the AUC.
    error
        Its standard error.
    by
        Which view it is.
    """

    score: float
    error: float
    by: str

    @property
    def at_least(self) -> float:
        """Lower end of a two-sided 95% interval."""
        return self.score - 1.96 * self.error


def strongest(values: pd.Series, kind: str, target: NDArray[np.float64], *, seed: int) -> Association | None:
    """Return the most telling of a feature's views: its value, whether it is missing, and its target encoding.

    The encoding gives each category (each of 32 quantile bins of a number; missing is one) the target's mean in the
    other folds, so that a category which is seen once tells nothing of itself.

    Parameters
    ----------
    target
        0 or 1 for a class, or numbers; shape ``(n,)``, none missing.

    Returns
    -------
    Association or None
        None where there are too few rows, or the target is constant.
    """
    missing = values.isna().to_numpy()
    found = [_undirected(missing.astype(float), target, "whether it is missing")]
    if kind == "number":
        numbers = values.to_numpy(dtype=float)
        found.append(_undirected(numbers[~missing], target[~missing], "its value"))
    encoded = encode_out_of_fold(codes_of(values, kind), target, seed=seed)
    found.append(concordance_of(encoded, target, "its target encoding, out of fold"))
    return max((a for a in found if a is not None), key=lambda a: a.score, default=None)


def _undirected(values: NDArray[np.float64], target: NDArray[np.float64], by: str) -> Association | None:
    found = concordance_of(values, target, by)
    return found and Association(max(found.score, 1 - found.score), found.error, by)


def concordance_of(values: NDArray[np.float64], target: NDArray[np.float64], by: str) -> Association | None:
    """Return the concordance of values with a target; it is below 0.5 where great values go with small targets."""
    import numpy as np

    outcomes = np.unique(target)
    if len(outcomes) < 2 or len(target) < 2 * LEAST:
        return None
    if len(outcomes) > 2:
        half = len(target) // 2
        score = _concordance(values, target)
        return Association(score, _error(score, half, half), by)
    above = target == outcomes[1]
    counts = int((~above).sum()), int(above.sum())
    if min(counts) < LEAST:
        return None
    score = _auc(values, above)
    return Association(score, _error(score, *counts), by)


def _auc(values: NDArray[np.float64], above: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve as the Mann-Whitney statistic."""
    from scipy.stats import rankdata

    n_above = int(above.sum())
    u = rankdata(values)[above].sum() - n_above * (n_above + 1) / 2
    return float(u / (n_above * (len(above) - n_above)))


def _concordance(values: NDArray[np.float64], target: NDArray[np.float64]) -> float:
    """Return (1 + Somers' D) / 2 of the values given the target (Somers 1962; Newson 2002), from Kendall's tau-b."""
    import numpy as np
    from scipy.stats import kendalltau

    untied = [_untied_pairs(x) for x in (values, target)]
    if untied[0] == 0:
        return 0.5
    tau = float(kendalltau(values, target).statistic)
    return float(0.5 + 0.5 * tau * np.sqrt(untied[0] / untied[1]))


def _untied_pairs(values: NDArray[np.float64]) -> float:
    import numpy as np

    counts = np.unique(values, return_counts=True)[1].astype(float)
    n = float(len(values))
    return float(n * (n - 1) - (counts * (counts - 1)).sum())


def _error(auc: float, n_below: int, n_above: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil 1982, equation 1)."""
    auc = max(auc, 1 - auc)
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n_above - 1) * (q1 - auc**2) + (n_below - 1) * (q2 - auc**2)
    return float((max(variance, 0.0) / (n_below * n_above)) ** 0.5)
