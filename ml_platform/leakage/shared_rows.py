"""Rows, and groups of rows, that are in two parts of a training set."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.row_identity import Ids, key_ids

Positions = NDArray[np.intp]


def n_shared(ids: Ids, part: Positions, train: Positions) -> int:
    """Return how many rows of a part have the id of a train row."""
    return int(np.isin(ids[part], ids[train]).sum())


def excess_of_shared(ids: Ids, part: Positions, train: Positions) -> tuple[float, float, float]:
    """Return the share of a part's rows that equal a train row, the share that chance gives, and its standard error.

    Tables of few distinct values repeat rows by nature. If chance alone decides which of m equal rows are in the part,
    each with probability b, then K ~ Binomial(m, b) of them are, and K are shared unless K = m:
    E = mb - mb^m, E of the square = mb(1 - b) + (mb)^2 - m^2 b^m. Equal rows that lie close in time are shared less.
    """
    both = np.concatenate([train, part])
    m = np.unique(ids[both], return_counts=True)[1].astype(float)
    b = len(part) / len(both)
    expected = m * b - m * b**m
    variance = np.maximum(m * b * (1 - b) + (m * b) ** 2 - m**2 * b**m - expected**2, 0)
    found = n_shared(ids, part, train)
    return found / len(part), float(expected.sum() / len(part)), float(variance.sum() ** 0.5 / len(part))


def shared_groups(frame: pd.DataFrame, columns: Sequence[str], part: Positions, train: Positions) -> int:
    """Return how many groups, named by some columns, have rows both in a part and in train; missing is no group."""
    ids = key_ids(frame[list(columns)])
    named = frame[list(columns)].notna().all(axis=1).to_numpy()
    return len(np.intersect1d(ids[part][named[part]], ids[train][named[train]]))
