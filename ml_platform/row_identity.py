"""Which rows are the same row: by their key, or by all that a model sees of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_pandas_object

Ids = NDArray[np.uint64]


def key_ids(frame: pd.DataFrame) -> Ids:
    """Return a 64-bit hash of each row's exact values; missing equals missing."""
    return np.asarray(hash_pandas_object(frame, index=False), dtype=np.uint64)


def content_ids(frame: pd.DataFrame, kinds: Mapping[str, str]) -> Ids:
    """Return a 64-bit hash of what a model sees of each row: numbers in 32 bits, as in ONNX; missing equals missing.

    A copy whose numbers went through float32, or whose zeros changed their sign, has the id of its original. `kinds`
    says ``number`` or ``category`` of each column that counts.
    """
    seen = {name: _in_32_bits(frame[name]) if kind == "number" else frame[name] for name, kind in kinds.items()}
    return key_ids(pd.DataFrame(seen, index=frame.index))


def _in_32_bits(values: pd.Series) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        numbers = values.to_numpy(dtype=float, na_value=np.nan).astype(np.float32)
    # One zero and one NaN: the hash is of their bits.
    return np.where(np.isnan(numbers), np.float32(np.nan), numbers + np.float32(0))
