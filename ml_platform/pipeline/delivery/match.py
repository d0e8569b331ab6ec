"""Delivered rows and stored ones: which are the same row, and what becomes of a partition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NEW = -1
Positions = NDArray[np.int64]
"""Of each delivered row: its place among the stored ones, or `NEW`."""


@dataclass(frozen=True)
class Merged:
    """What a partition holds after a delivery."""

    rows: pa.Table
    n_new: int
    n_corrected: int
    n_removed: int
    """Stored rows that the delivery replaces by none."""

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be stored."""
        return bool(self.n_new or self.n_corrected or self.n_removed)


def by_key(stored: pa.Table, delivered: pa.Table, key: Sequence[str]) -> Positions:
    """Return the stored row with the key of each delivered row."""
    places = {one: place for place, one in enumerate(_ids(stored, key).tolist())}
    return np.array([places.get(one, NEW) for one in _ids(delivered, key).tolist()], dtype=np.int64)


def by_run(stored: pa.Table, delivered: pa.Table, columns: Sequence[str]) -> Positions:
    """Return the stored rows that are the delivered ones, one after the other; all are new when there is no such run.

    For rows without a key: that a file has been stored before is seen by its order.
    """
    before, now = _ids(stored, columns), _ids(delivered, columns)
    for start in np.flatnonzero(before[: max(len(before) - len(now) + 1, 0)] == now[0]):
        if np.array_equal(before[start : start + len(now)], now):
            return np.arange(start, start + len(now), dtype=np.int64)
    return np.full(len(now), NEW, dtype=np.int64)


def by_content(stored: pa.Table, delivered: pa.Table, columns: Sequence[str]) -> Positions:
    """Return a stored row that holds the same for each delivered row; the second of equal rows is the second's."""
    places = {one: place for place, one in enumerate(_numbered(_ids(stored, columns)))}
    return np.array([places.get(one, NEW) for one in _numbered(_ids(delivered, columns))], dtype=np.int64)


def merge(stored: pa.Table, delivered: pa.Table, at: Positions, late: Sequence[str], *, whole: bool) -> Merged:
    """Return a partition's rows after a delivery.

    A delivered row takes the place of the stored one that it is (`at`), and a new one is appended. What is known later
    of a row stays, unless the delivery says otherwise. With `whole`, the delivery is all that the partition holds.
    """
    is_new = at == NEW
    before = stored.take(pa.array(at, mask=is_new))
    now = _completed(delivered, before, late)
    corrected = ~is_new & (_ids(now, now.column_names) != _ids(before, now.column_names))
    both = pa.concat_tables([stored, now])
    places = np.arange(len(stored))
    places[at[~is_new]] = len(stored) + np.flatnonzero(~is_new)
    kept = (
        len(stored) + np.arange(len(now)) if whole else np.concatenate([places, len(stored) + np.flatnonzero(is_new)])
    )
    n_removed = len(stored) - int((~is_new).sum()) if whole else 0
    return Merged(both.take(kept), int(is_new.sum()), int(corrected.sum()), n_removed)


def _completed(delivered: pa.Table, before: pa.Table, late: Sequence[str]) -> pa.Table:
    """Return delivered rows in the columns of the stored ones; what is known later and not delivered is as before."""
    columns: dict[str, Any] = {}
    for name in before.column_names:
        if name in delivered.column_names:
            columns[name] = pc.coalesce(delivered[name], before[name]) if name in late else delivered[name]
        else:
            columns[name] = before[name]
    return pa.table(columns, schema=before.schema)


def _numbered(ids: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Return each id with how many equal ones came before it."""
    seen: dict[int, int] = {}
    numbered = []
    for one in ids.tolist():
        seen[one] = seen.get(one, -1) + 1
        numbered.append((one, seen[one]))
    return numbered


def _ids(rows: pa.Table, columns: Sequence[str]) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each row's values, of which a missing one is a value."""
    return pl.DataFrame(pl.from_arrow(rows.select(list(columns)))).hash_rows().to_numpy()
