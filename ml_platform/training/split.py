"""Train, validation and test rows.

In time order, a model is tested on rows later than those it learned from. By a hash of the key, a test row is one for
every version of the model, whatever else the table holds by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.util import hash_pandas_object

from ml_platform.errors import DataError

MIN_ROWS = 3


@dataclass(frozen=True)
class Split:
    """Which row is in which part."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    """Positions in the frame, in an order that does not depend on its order. Every row is in exactly one part."""
    shared_instants: bool
    """Whether rows of one instant are on both sides of a boundary, as in a table where all rows have one time."""


def split_in_time(
    event_time: pd.Series, key: pd.DataFrame, *, validation_share: float, test_share: float, seed: int
) -> Split:
    """Cut rows in time order: the last `test_share` are the test, the `validation_share` before them the validation.

    Rows of one instant are ordered by a hash of their key and the seed, so that the cut depends neither on the order
    of the frame nor on anything that a key means. It is a DataError when a time is missing, a row is there twice, or
    there are too few rows to fill three parts.
    """
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
    order = np.lexsort((_seeded_hashes(key, seed), instants))
    starts = (n_rows - n_test - n_validation, n_rows - n_test)
    shared = any(instants[order[start - 1]] == instants[order[start]] for start in starts)
    train, validation, test = np.split(order, starts)
    return Split(train, validation, test, shared)


def split_by_key(key: pd.DataFrame, *, validation_share: float, test_share: float) -> Split:
    """Split rows by `key_places`: the test lies below `test_share`, the validation above it. No part may be empty.

    Shares are met in expectation only, and classes are not stratified: exact shares would move a row to another part
    when other rows come or go. Rows of one key are in one part.
    """
    places = key_places(key)
    order = np.argsort(places, kind="stable")
    starts = np.searchsorted(places[order], [test_share, test_share + validation_share])
    test, validation, train = np.split(order, starts)
    if not min(len(train), len(validation), len(test)):
        raise DataError(f"{len(key):,} labelled rows are too few for a train, a validation and a test part")
    return Split(train, validation, test, False)


def key_places(key: pd.DataFrame) -> NDArray[np.float64]:
    """Return a number from 0 to below 1 for each row, evenly spread, which depends on its key and on nothing else."""
    places: NDArray[np.float64] = (_key_hashes(key) >> np.uint64(11)) / 2.0**53  # as many bits as a float holds
    return places


def validate_every_class(labels: NDArray[Any], split: Split, names: Sequence[str]) -> None:
    """Reject a part that lacks a class: it could not be learned, or not be measured.

    `labels` are codes 0 … k - 1 of the rows that were split, `names` those of the k classes.
    """
    for part, positions in {"train": split.train, "validation": split.validation, "test": split.test}.items():
        counts = np.bincount(labels[positions], minlength=len(names))
        if len(absent := np.flatnonzero(counts == 0)):
            n_rows = int((labels == absent[0]).sum())
            raise DataError(
                f"class '{names[absent[0]]}' has {n_rows:,} of {len(labels):,} labelled rows, and none of the "
                f"{len(positions):,} {part} rows: every part needs every class. Give the model more rows, or let the "
                "target tell fewer classes apart"
            )


def _seeded_hashes(key: pd.DataFrame, seed: int) -> NDArray[np.uint64]:
    odd = np.uint64(int(np.random.default_rng(seed).integers(1, 2**63)) | 1)
    mixed = np.asarray(_key_hashes(key) * odd, dtype=np.uint64)  # wraps around
    return mixed ^ (mixed >> np.uint64(32))


def _key_hashes(key: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a hash per row, of the key's values and not of how pandas stores them."""
    plain = pd.DataFrame({name: _plain(key[name]) for name in key})
    return np.asarray(hash_pandas_object(plain, index=False), dtype=np.uint64)


def _plain(values: pd.Series) -> pd.Series:
    """Return nullable, categorical and Arrow's integers and text as numpy has them."""
    if pd.api.types.is_integer_dtype(values.dtype):
        kind = "uint64" if pd.api.types.is_unsigned_integer_dtype(values.dtype) else "int64"
        return pd.Series(values.to_numpy(kind, na_value=0), index=values.index)
    if isinstance(values.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(values.dtype):
        return values.astype("object")
    return values
