"""Train against the later parts: how well a classifier tells their rows apart, and by which features."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_val_score

from ml_platform.exploration.models import FOLDS, in_one_thread, trees
from ml_platform.exploration.rows import Rows
from ml_platform.predictive_power import auc_standard_error, encoded_auc

SAMPLE_ROWS = 5_000
"""Rows drawn of each part."""

MIN_ROWS = 50
"""Fewer rows of a part are not compared."""


@dataclass(frozen=True)
class Shift:
    """Train against one other part."""

    part: str
    n_rows: int
    n_train_rows: int
    auc: float | None = None
    """ROC AUC of out-of-fold predictions: 0.5 when the parts cannot be told apart, 1 when every row can be told. None
    where nothing was compared, with the `reason`."""
    low: float | None = None
    high: float | None = None
    """Its 95% interval (Hanley and McNeil 1982), which takes the classifier as given."""
    alone: tuple[tuple[str, float], ...] = ()
    """The AUC by each feature alone, out of fold too, the highest first."""
    reason: str | None = None


@in_one_thread
def compare_parts(rows: Rows) -> tuple[Shift, ...]:
    """Return how well each later part can be told from train, without looking at the target."""
    return tuple(_compare(rows, part) for part in rows.parts if part != "train")


def _compare(rows: Rows, part: str) -> Shift:
    train, other = (rows.sample(rows.parts[name], SAMPLE_ROWS) for name in ("train", part))
    if min(len(train), len(other)) < MIN_ROWS:
        reason = f"{len(other):,} rows of {part} and {len(train):,} of train; {MIN_ROWS} of each are needed"
        return Shift(part, len(other), len(train), reason=reason)
    both = np.concatenate([train, other])
    side = np.repeat([0.0, 1.0], [len(train), len(other)])
    # An AUC per fold, averaged: scores of models that were fitted on different rows are not compared with each other.
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=rows.seed)
    aucs = cross_val_score(trees(rows.seed), rows.encoded[both], side, cv=folds, scoring="roc_auc")
    auc = round(float(aucs.mean()), 4)
    reach = 1.96 * auc_standard_error(auc, len(other), len(train))
    low, high = max(0.0, round(auc - reach, 4)), min(1.0, round(auc + reach, 4))
    powers = {name: encoded_auc(rows.series(name).iloc[both], rows.kinds[name], side) for name in rows.kinds}
    alone = [(name, round(power.auc, 4) if power else 0.5) for name, power in powers.items()]
    alone.sort(key=lambda found: -found[1])
    return Shift(part, len(other), len(train), auc, low, high, tuple(alone))
