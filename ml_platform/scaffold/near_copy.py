"""Whether one column alone tells nearly all of the target: then it is a copy of it, or made from it."""

import numpy as np
import pandas as pd

from ml_platform.predictive_power import powers
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

NEAR_COPY: dict[Task, float] = {BINARY: 0.98, MULTICLASS: 0.98, REGRESSION: 0.9}
"""Share told from which a column counts as a copy. Of normal numbers 0.9 is a correlation of 0.99."""

MAX_ROWS = 20_000
SEED = 0


def share_told(values: pd.Series, target: pd.Series, task: Task) -> float:
    """Return 2 AUC - 1 of a column's predictive power, 0 to 1; of several classes, for the one that it tells least."""
    known = np.flatnonzero(target.notna())
    drawn = np.random.default_rng(SEED).permutation(known)[:MAX_ROWS]
    values, target = values.iloc[drawn], target.iloc[drawn]
    if task == REGRESSION:
        outcome, classes = target.to_numpy(dtype=float), []
    else:
        outcome, found = pd.factorize(target, sort=True)
        classes = [str(value) for value in found]
    # Numbers may be codes: then it is each value that tells the target, and not its size.
    kinds = ("number", "category") if is_number(values) else ("category",)
    told = [[2 * power.auc - 1 for power in powers(values, kind, outcome, classes)] for kind in kinds]
    return max((min(shares) for shares in told if shares), default=0.0)


def is_number(values: pd.Series) -> bool:
    """Return whether a column holds numbers, and not truth values."""
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
