"""IMBALANCE: how classes of unequal size are balanced in the train rows, and how probabilities are corrected for it.

Balancing multiplies the odds of the classes by a known ratio, so a model then overstates rare classes. Features are
distributed within a class as before, so dividing by the ratio and normalising gives the probabilities of the original
data (Saerens, Latinne and Decaestecker 2002; Elkan 2001). `restore_priors` does that inside the fitted estimator, where
it is exact: in its log odds, or in the class shares of its leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from ml_platform.training.settings import Imbalance


@dataclass(frozen=True)
class Balanced:
    """Which train rows are learned from, and how much each counts."""

    positions: NDArray[np.intp]
    """Of the rows among the train rows; a row may be there more than once."""
    weights: NDArray[np.float64] | None = None
    """One per position, or None where all count alike."""

    def prior_ratios(self, labels: NDArray[Any]) -> NDArray[np.float64]:
        """Return each class's share of the train rows, relative to its share of what is learned from."""
        learned = np.bincount(labels[self.positions], weights=self.weights)
        ratios: NDArray[np.float64] = (np.bincount(labels) / len(labels)) / (learned / learned.sum())
        return ratios


def none(labels: NDArray[Any], seed: int) -> Balanced:
    """Learn from the rows as they are."""
    return Balanced(np.arange(len(labels)))


def class_weights(labels: NDArray[Any], seed: int) -> Balanced:
    """Weigh each row by n / (k · rows of its class): every class counts alike (King and Zeng 2001)."""
    counts = np.bincount(labels)
    return Balanced(np.arange(len(labels)), len(labels) / (len(counts) * counts[labels]))


def undersample(labels: NDArray[Any], seed: int) -> Balanced:
    """Draw as many rows of each class as the smallest has."""
    rng, counts = np.random.default_rng(seed), np.bincount(labels)
    drawn = [rng.choice(np.flatnonzero(labels == c), counts.min(), replace=False) for c in range(len(counts))]
    return Balanced(np.sort(np.concatenate(drawn)))


def oversample(labels: NDArray[Any], seed: int) -> Balanced:
    """Keep every row, and draw rows of each class again until it has as many as the largest."""
    rng, counts = np.random.default_rng(seed), np.bincount(labels)
    again = [rng.choice(np.flatnonzero(labels == c), counts.max() - n) for c, n in enumerate(counts)]
    return Balanced(np.sort(np.concatenate([np.arange(len(labels)), *again])))


IMBALANCE: dict[Imbalance, Callable[[NDArray[Any], int], Balanced]] = {
    "none": none,
    "class_weights": class_weights,
    "undersample": undersample,
    "oversample": oversample,
}


@singledispatch
def restore_priors(estimator: Any, ratios: NDArray[np.float64]) -> None:
    """Correct a fitted classifier, so that its probabilities are those of the rows before they were balanced.

    `ratios` has one per class, see `Balanced.prior_ratios`.
    """
    raise TypeError(f"{type(estimator).__name__} has no correction for balanced classes")


@restore_priors.register
def _(estimator: LogisticRegression, ratios: NDArray[np.float64]) -> None:
    shift = np.log(ratios)
    estimator.intercept_ = estimator.intercept_ + (shift[1] - shift[0] if len(estimator.intercept_) == 1 else shift)


@restore_priors.register
def _(estimator: HistGradientBoostingClassifier, ratios: NDArray[np.float64]) -> None:
    shift = np.log(ratios)
    start = estimator._baseline_prediction  # the log odds to which the trees add
    estimator._baseline_prediction = start + (shift[1] - shift[0] if start.shape[1] == 1 else shift)


@restore_priors.register
def _(estimator: RandomForestClassifier, ratios: NDArray[np.float64]) -> None:
    """Give each leaf the class shares that it has in the original data.

    Exact for weights, and up to the draw for drawn rows. A leaf of few rows may hold one class alone and stays so:
    after undersampling, which leaves few rows, a forest still overstates a rare class (tested: 9% as 15%).
    """
    for tree in estimator.estimators_:
        shares = tree.tree_.value  # a view: (nodes, 1, classes)
        corrected = shares * ratios
        shares[:] = corrected / corrected.sum(axis=2, keepdims=True)
