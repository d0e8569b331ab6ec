"""Labels that may be wrong: rows of which a model that has not seen them is sure that they are something else."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from cleanlab.filter import find_label_issues as ranked_issues
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict

from ml_platform.exploration.columns import ROBUST_Z
from ml_platform.exploration.models import FOLDS, in_one_thread, trees
from ml_platform.exploration.rows import Rows

Array = NDArray[np.float64]

SAMPLE_ROWS = 20_000
MIN_ROWS = 100
BINS = 21
SHOWN = 20
"""Suspected rows that are listed."""


@dataclass(frozen=True)
class Suspect:
    """One row whose label may be wrong."""

    position: int
    """Of the row in the frame."""
    key: dict[str, str]
    """Its key, column → value as text."""
    given: str
    suggested: str
    """The label, and what the model says instead."""
    quality: float
    """Classes: the probability of the given label. Regression: the distance of the label from the prediction, in robust
    standard deviations of all such distances."""


@dataclass(frozen=True)
class LabelIssues:
    """The labels of a sample."""

    n_rows: int
    n_suspected: int | None
    """Rows judged, and those suspected; None where nothing was judged, with the `reason`."""
    skill: float | None = None
    """How good the model is that suspects them, out of fold: the share of the log loss of the class shares that it
    takes away (McFadden 1974), or R². At 0 it knows nothing, and its suspicions are worth nothing."""
    quality_edges: tuple[float, ...] = ()
    quality_counts: tuple[int, ...] = ()
    """Histogram of the `quality` of all rows judged."""
    worst: tuple[Suspect, ...] = ()
    """The SHOWN rows that are suspected most."""
    left_out: int = 0
    """Rows of classes too small to be judged."""
    reason: str | None = None

    @property
    def share(self) -> float | None:
        """Suspected share of the rows judged."""
        return None if self.n_suspected is None else self.n_suspected / self.n_rows


@in_one_thread
def find_label_issues(rows: Rows) -> LabelIssues:
    """Judge the labels of at most SAMPLE_ROWS rows of all parts.

    Classes: confident learning (Northcutt, Jiang and Chuang 2021) as in cleanlab, on out-of-fold probabilities of
    gradient-boosted trees. Regression: out-of-fold residuals with a robust z-score above ROBUST_Z.
    """
    sample = rows.sample(np.arange(len(rows)), SAMPLE_ROWS)
    return _residuals(rows, sample) if rows.task == "regression" else _confident_learning(rows, sample)


def _confident_learning(rows: Rows, sample: NDArray[np.intp]) -> LabelIssues:
    counts = np.bincount(rows.class_codes[sample])
    kept = sample[counts[rows.class_codes[sample]] >= 2 * FOLDS]
    left_out = len(sample) - len(kept)
    present, codes = np.unique(rows.class_codes[kept], return_inverse=True)
    if len(kept) < MIN_ROWS or len(present) < 2:
        reason = f"{len(kept):,} rows of {len(present)} classes that have at least {2 * FOLDS} rows each are too few"
        return LabelIssues(len(sample), None, left_out=left_out, reason=reason)
    probabilities = _out_of_fold(rows, kept, codes, method="predict_proba")
    found = ranked_issues(codes, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1)
    names = [rows.classes[code] for code in present]
    likely = probabilities.argmax(axis=1)
    worst = [
        _suspect(rows, kept[i], names[codes[i]], names[likely[i]], probabilities[i, codes[i]]) for i in found[:SHOWN]
    ]
    own, shares = probabilities[np.arange(len(codes)), codes], np.bincount(codes) / len(codes)
    skill = 1 - float(np.log(np.clip(own, 1e-15, 1)).sum() / np.log(shares[codes]).sum())
    edges, numbers = _histogram(own, np.linspace(0, 1, BINS + 1))
    return LabelIssues(len(kept), len(found), round(skill, 4), edges, numbers, tuple(worst), left_out)


def _histogram(quality: Array, edges: Array) -> tuple[tuple[float, ...], tuple[int, ...]]:
    counts, _ = np.histogram(np.clip(quality, edges[0], edges[-1]), edges)
    return tuple(map(float, edges)), tuple(map(int, counts))


def _residuals(rows: Rows, sample: NDArray[np.intp]) -> LabelIssues:
    given = rows.target[sample]
    if len(sample) < MIN_ROWS or (given == given[0]).all():
        reason = f"{len(sample):,} rows are too few, or have one label only"
        return LabelIssues(len(sample), None, reason=reason)
    predicted = _out_of_fold(rows, sample, given, method="predict")
    residual = np.abs(given - predicted - np.median(given - predicted))
    spread = float(np.median(residual))
    if spread == 0:
        return LabelIssues(len(sample), None, reason="more than half of the labels are predicted exactly")
    distance = 0.6745 * residual / spread
    found = np.flatnonzero(distance > ROBUST_Z)
    worst = found[np.argsort(-distance[found], kind="stable")][:SHOWN]
    suspects = [_suspect(rows, sample[i], f"{given[i]:.6g}", f"{predicted[i]:.4g}", distance[i]) for i in worst]
    skill = 1 - float(((given - predicted) ** 2).sum() / ((given - given.mean()) ** 2).sum())
    edges, numbers = _histogram(distance, np.linspace(0, 3 * ROBUST_Z, BINS + 1))
    return LabelIssues(len(sample), len(found), round(skill, 4), edges, numbers, tuple(suspects))


def _out_of_fold(rows: Rows, positions: NDArray[np.intp], target: Any, *, method: str) -> Array:
    regression = rows.task == "regression"
    folds = (KFold if regression else StratifiedKFold)(FOLDS, shuffle=True, random_state=rows.seed)
    model = trees(rows.seed, numbers=regression)
    predicted: Array = cross_val_predict(model, rows.encoded[positions], target, cv=folds, method=method)
    return predicted


def _suspect(rows: Rows, position: int, given: str, suggested: str, quality: float) -> Suspect:
    key = {name: str(rows.frame[name].iloc[int(position)]) for name in rows.key}
    return Suspect(int(position), key, given, suggested, round(float(quality), 4))
