"""IMBALANCE: what is done about classes of unequal size, in the train rows alone, and how it is undone in what is said.

To weigh or draw classes alike multiplies their odds by a known ratio, so a model then overstates rare classes. As
features are distributed within a class as before, dividing by the ratio and normalising gives the probabilities of the
data as it is (Saerens, Latinne and Decaestecker 2002; Elkan 2001). `restore_priors` of an estimator does that inside
the model, where it is exact: in its log odds, or in the class shares of its assets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Balanced:
    """Which train rows are learned from, and how much each counts.

    Attributes
    ----------
    positions
        Of the rows among the train rows; a row may be there more than once.
    weights
        One per position, or None where all count alike.
    """

    positions: NDArray[np.intp]
    weights: NDArray[np.float64] | None = None

    def prior_ratios(self, labels: NDArray[Any]) -> NDArray[np.float64]:
        """Return each class's share of the train rows, relative to its share of what is learned from."""
        import numpy as np

        learned = np.bincount(labels[self.positions], weights=self.weights)
        ratios: NDArray[np.float64] = (np.bincount(labels) / len(labels)) / (learned / learned.sum())
        return ratios


def none(labels: NDArray[Any], seed: int) -> Balanced:
    """Learn from the rows as they are."""
    import numpy as np

    return Balanced(np.arange(len(labels)))


def class_weights(labels: NDArray[Any], seed: int) -> Balanced:
    """Weigh each row by n / (k · rows of its class): every class counts alike (King and Zeng 2001)."""
    import numpy as np

    counts = np.bincount(labels)
    return Balanced(np.arange(len(labels)), len(labels) / (len(counts) * counts[labels]))


def undersample(labels: NDArray[Any], seed: int) -> Balanced:
    """Draw as many rows of each class as the smallest has."""
    import numpy as np

    rng, counts = np.random.default_rng(seed), np.bincount(labels)
    drawn = [rng.choice(np.flatnonzero(labels == c), counts.min(), replace=False) for c in range(len(counts))]
    return Balanced(np.sort(np.concatenate(drawn)))


def oversample(labels: NDArray[Any], seed: int) -> Balanced:
    """Keep every row, and draw rows of each class again until it has as many as the largest."""
    import numpy as np

    rng, counts = np.random.default_rng(seed), np.bincount(labels)
    again = [rng.choice(np.flatnonzero(labels == c), counts.max() - n) for c, n in enumerate(counts)]
    return Balanced(np.sort(np.concatenate([np.arange(len(labels)), *again])))


IMBALANCE: dict[str, Callable[[NDArray[Any], int], Balanced]] = {
    "none": none,
    "class_weights": class_weights,
    "undersample": undersample,
    "oversample": oversample,
}


def shift_intercept(estimator: Any, ratios: NDArray[np.float64]) -> None:
    """Correct a logistic regression: add the log of the ratios to its log odds."""
    import numpy as np

    shift = np.log(ratios)
    estimator.intercept_ = estimator.intercept_ + (shift[1] - shift[0] if len(estimator.intercept_) == 1 else shift)


def shift_baseline(estimator: Any, ratios: NDArray[np.float64]) -> None:
    """Correct histogram gradient boosting: add the log of the ratios to the log odds that its trees start from."""
    import numpy as np

    shift = np.log(ratios)
    start = estimator._baseline_prediction
    estimator._baseline_prediction = start + (shift[1] - shift[0] if start.shape[1] == 1 else shift)


def reweigh_leaves(estimator: Any, ratios: NDArray[np.float64]) -> None:
    """Correct a random forest: give each asset the class shares that it has in the data as it is.

    Exact where weights were used, and up to the draw where rows were. A asset of few rows that holds one class alone
    stays so: after undersampling, which assets few rows, a forest still overstates a rare class (tested: 9% as 15%).
    """
    for tree in estimator.estimators_:
        shares = tree.tree_.value  # a view: (nodes, 1, classes)
        corrected = shares * ratios
        shares[:] = corrected / corrected.sum(axis=2, keepdims=True)
