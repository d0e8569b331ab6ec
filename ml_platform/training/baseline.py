"""The baseline: a constant, which every candidate must beat."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml_platform.task import MULTICLASS, Task
from ml_platform.training.split import Split


@dataclass(frozen=True)
class Baseline:
    """A model that ignores all features."""

    prediction: float | tuple[float, ...]
    """Base rate of the positive class, base rates of all classes, or the mean of the target, in the train rows."""

    def predict(self, n_rows: int) -> NDArray[np.float64]:
        """Return the same prediction `n_rows` times."""
        return np.repeat(np.asarray(self.prediction, dtype=float)[None], n_rows, axis=0)


def fit_baseline(labels: NDArray[Any], split: Split, *, task: Task) -> Baseline:
    """Return the base rates of the train rows, or their mean."""
    train = labels[split.train]
    if task == MULTICLASS:
        rates = np.bincount(train.astype(int), minlength=int(labels.max()) + 1) / len(train)
        return Baseline(tuple(float(rate) for rate in rates))
    return Baseline(float(np.mean(train)))
