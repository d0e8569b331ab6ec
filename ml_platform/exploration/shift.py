"""Train against the later parts: how well a classifier tells their rows apart, and by which features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.exploration.models import FOLDS, in_one_thread, small_tree, trees
from ml_platform.exploration.rows import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_ROWS = 5_000
"""Rows drawn of each part."""

MIN_ROWS = 50
"""Fewer rows of a part are not compared."""


@dataclass(frozen=True)
class Shift:
    """Train against one other part.

    Attributes
    ----------
    auc
        ROC AUC of out-of-fold predictions: 0.5 when the parts cannot be told apart, 1 when every row can be told. None
        where nothing was compared, with the `reason`.
    low, high
        Its 95% interval (Hanley and McNeil 1982), which takes the classifier as given.
    alone
        The same AUC by each feature alone, the highest first.
    """

    part: str
    n_rows: int
    n_train_rows: int
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    alone: tuple[tuple[str, float], ...] = ()
    reason: str | None = None


@in_one_thread
def compare_parts(rows: Rows) -> tuple[Shift, ...]:
    """Return how well each later part can be told from train, without looking at the target."""
    return tuple(_compare(rows, part) for part in rows.parts if part != "train")


def _compare(rows: Rows, part: str) -> Shift:
    import numpy as np

    train, other = (rows.sample(rows.parts[name], SAMPLE_ROWS) for name in ("train", part))
    if min(len(train), len(other)) < MIN_ROWS:
        reason = f"{len(other):,} rows of {part} and {len(train):,} of train; {MIN_ROWS} of each are needed"
        return Shift(part, len(other), len(train), reason=reason)
    values = rows.encoded[np.concatenate([train, other])]
    side = np.repeat([0, 1], [len(train), len(other)])
    auc = out_of_fold_auc(trees(rows.seed), values, side, rows.seed)
    reach = 1.96 * auc_standard_error(auc, len(other), len(train))
    alone = [
        (name, out_of_fold_auc(small_tree(rows.seed), values[:, [place]], side, rows.seed))
        for place, name in enumerate(rows.kinds)
    ]
    alone.sort(key=lambda found: -found[1])
    low, high = max(0.0, round(auc - reach, 4)), min(1.0, round(auc + reach, 4))
    return Shift(part, len(other), len(train), auc, low, high, tuple(alone))


def out_of_fold_auc(model: Any, values: NDArray[np.float64], side: NDArray[np.intp], seed: int) -> float:
    """Return the ROC AUC of predictions for rows that the model was not fitted on, to four places.

    An AUC per fold, averaged: scores of models that were fitted on different rows are not compared with each other.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return round(float(cross_val_score(model, values, side, cv=folds, scoring="roc_auc").mean()), 4)


def auc_standard_error(auc: float, n_positive: int, n_negative: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil 1982, equation 2 with the exponential approximation)."""
    both_higher, both_lower = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (n_positive - 1) * (both_higher - auc**2) + (n_negative - 1) * (both_lower - auc**2)
    return float((max(0.0, variance) / (n_positive * n_negative)) ** 0.5)
