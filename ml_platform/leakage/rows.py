"""Rows, and groups of rows, that stand in two parts of a training set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


def identify(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each row's content; missing equals missing."""
    import numpy as np
    from pandas.util import hash_pandas_object

    return np.asarray(hash_pandas_object(frame, index=False), dtype=np.uint64)


def n_shared(ids: NDArray[np.uint64], part: NDArray[np.intp], learned: NDArray[np.intp]) -> int:
    """Return how many rows of a part have the id of a row that was learned from."""
    import numpy as np

    return int(np.isin(ids[part], ids[learned]).sum())


def excess_of_shared(
    ids: NDArray[np.uint64], part: NDArray[np.intp], learned: NDArray[np.intp]
) -> tuple[float, float, float]:
    """Return how many rows of a part equal a learned one, and how many do by nature.

    Tables of few distinct values repeat rows by nature. If chance alone decides which of m equal rows are in the part,
    each with probability b, then K ~ Binomial(m, b) of them are, and K are shared unless K = m:
    E = mb - mb^m, E of the square = mb(1 - b) + (mb)^2 - m^2 b^m. Equal rows that lie close in time are shared less.

    Returns
    -------
    tuple of float
        Share of the part's rows that equal a learned one, the share that is expected, and its standard error.
    """
    import numpy as np

    both = np.concatenate([learned, part])
    m = np.unique(ids[both], return_counts=True)[1].astype(float)
    b = len(part) / len(both)
    expected = m * b - m * b**m
    variance = np.maximum(m * b * (1 - b) + (m * b) ** 2 - m**2 * b**m - expected**2, 0)
    n_found = n_shared(ids, part, learned)
    return n_found / len(part), float(expected.sum() / len(part)), float(variance.sum() ** 0.5 / len(part))


def shared_groups(
    frame: pd.DataFrame, columns: Sequence[str], part: NDArray[np.intp], learned: NDArray[np.intp]
) -> int:
    """Return how many groups, named by some columns, have rows in a part and among the learned; missing is no group."""
    import numpy as np

    ids = identify(frame[list(columns)])
    named = frame[list(columns)].notna().all(axis=1).to_numpy()
    return len(np.intersect1d(ids[part][named[part]], ids[learned][named[learned]]))
