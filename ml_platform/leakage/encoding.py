"""Features as groups of rows, and what the other rows of a group say of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

BINS = 32
FOLDS = 5
PRIOR_ROWS = 5
"""Rows of the overall mean that are added to each group, so that a small one is close to it (Micci-Barreca 2001)."""


def codes_of(values: pd.Series, kind: str) -> NDArray[np.intp]:
    """Return the number of each row's group: a category, or a quantile bin of a number; missing is group 0."""
    import numpy as np
    import pandas as pd

    if kind != "number":
        return pd.factorize(values)[0] + 1
    numbers = values.to_numpy(dtype=float)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return np.zeros(len(numbers), dtype=np.intp)
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
    return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, side="left") + 1)


def encode_out_of_fold(codes: NDArray[np.intp], target: NDArray[np.float64], *, seed: int) -> NDArray[np.float64]:
    """Return, for each row, the mean target of its group in the other folds, drawn towards the overall mean."""
    import numpy as np

    fold = np.random.default_rng(seed).permutation(len(codes)) % FOLDS
    cells = fold * (codes.max(initial=0) + 1) + codes
    size = FOLDS * (codes.max(initial=0) + 1)
    counts = np.bincount(cells, minlength=size).reshape(FOLDS, -1)
    sums = np.bincount(cells, weights=target, minlength=size).reshape(FOLDS, -1)
    other_counts, other_sums = counts.sum(axis=0) - counts, sums.sum(axis=0) - sums
    encoded = (other_sums + PRIOR_ROWS * target.mean()) / (other_counts + PRIOR_ROWS)
    result: NDArray[np.float64] = encoded[fold, codes]
    return result
