"""Train, validation and test rows in time order: a model is always tested on rows later than those it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

MIN_ROWS = 3


@dataclass(frozen=True)
class Split:
    """Positions of rows, each ordered by time.

    Attributes
    ----------
    train, validation, test
        Positions in the frame that was split; every row is in exactly one.
    shared_instants
        Whether rows of one instant stand on both sides of a boundary, as in a table where all rows have one time.
    """

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    shared_instants: bool


def split_in_time(
    event_time: pd.Series, key: pd.DataFrame, *, validation_share: float, test_share: float, seed: int
) -> Split:
    """Cut rows in time order: the last `test_share` are the test, the `validation_share` before them the validation.

    Rows of one instant are ordered by a hash of their key and the seed, so that the cut depends neither on the order
    of the frame nor on anything that a key means.

    Raises
    ------
    DataError
        When a time is missing, a row is there twice, or there are too few rows to fill three parts.
    """
    import numpy as np

    if event_time.isna().any():
        raise DataError(f"{int(event_time.isna().sum()):,} of {len(event_time):,} rows have no event_time")
    if repeated := int(key.assign(event_time=event_time.array).duplicated().sum()):
        columns = ", ".join(map(str, key))
        raise DataError(
            f"{repeated:,} of {len(key):,} rows have the same key ({columns}) and event_time as another: such a row "
            "could be trained on and tested with"
        )
    n_rows = len(event_time)
    n_test, n_validation = round(n_rows * test_share), round(n_rows * validation_share)
    if n_rows < MIN_ROWS or min(n_test, n_validation, n_rows - n_test - n_validation) < 1:
        raise DataError(f"{n_rows:,} labelled rows are too few for a train, a validation and a test part")
    instants = event_time.astype("datetime64[us, UTC]").to_numpy(dtype="datetime64[us]")
    order = np.lexsort((_hashes(key, seed), instants))
    starts = (n_rows - n_test - n_validation, n_rows - n_test)
    shared = any(instants[order[start - 1]] == instants[order[start]] for start in starts)
    train, validation, test = np.split(order, starts)
    return Split(train, validation, test, shared)


def _hashes(key: pd.DataFrame, seed: int) -> NDArray[np.uint64]:
    import numpy as np
    from pandas.util import hash_pandas_object

    odd = np.uint64(int(np.random.default_rng(seed).integers(1, 2**63)) | 1)
    mixed: NDArray[np.uint64] = np.multiply(hash_pandas_object(key, index=False).to_numpy(), odd, dtype=np.uint64)
    return mixed ^ (mixed >> np.uint64(32))
