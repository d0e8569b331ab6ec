"""Whether a feature is a function of the target, or the target of the feature."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.predictive_power import MIN_ROWS, codes_of

PURE_SHARE = 0.999
"""Share of each class that has to have values of its own."""

CHANGE_SHARE = 0.05
"""Share of the changes expected by chance below which a column follows the target."""


def tells_the_class(values: pd.Series, classes: NDArray[np.intp]) -> bool:
    """Return whether rows of the same value are of the same class, for every class.

    A row counts where another has its value; its value is pure when all rows of the value are of its class. At least
    half of the rows, and `MIN_ROWS` of each class, have to count: two rows of one value agree by chance too.
    """
    codes = pd.factorize(values, use_na_sentinel=False)[0]
    table = np.zeros((codes.max(initial=0) + 1, int(classes.max(initial=0)) + 1), dtype=int)
    np.add.at(table, (codes, classes), 1)
    shared = table[table.sum(axis=1) > 1]
    pure = shared[(shared > 0).sum(axis=1) == 1]
    counted = shared.sum(axis=0)
    if len(values) == 0 or counted.sum() < len(values) / 2 or counted.min() < MIN_ROWS:
        return False
    return bool((pure.sum(axis=0) >= PURE_SHARE * counted).all())


def follows_the_number(values: pd.Series, kind: str, target: NDArray[np.float64]) -> bool:
    """Return whether a feature is a piecewise constant or smooth function of a number: a band of it, or another unit.

    With the rows in the order of the target, neighbours then nearly always are in one group, where by chance they would
    be as often as two random rows (a runs test, Wald and Wolfowitz 1940, used here as a share and not as a p value).
    """
    codes = codes_of(values, kind)
    counts = np.bincount(codes)
    expected = (len(codes) - 1) * (1 - float(((counts / max(len(codes), 1)) ** 2).sum()))
    if len(codes) < 2 * MIN_ROWS or np.sort(counts)[:-1].sum() < MIN_ROWS:
        return False
    ordered = codes[np.argsort(target, kind="stable")]
    return int((ordered[1:] != ordered[:-1]).sum()) < CHANGE_SHARE * expected
