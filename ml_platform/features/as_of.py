"""As-of joins: which row of another table each entity row may see."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import DataError
from ml_platform.features.columns import require_columns
from ml_platform.features.keys import MISSING_KEY, key_codes, value_type
from ml_platform.features.settings import Join
from ml_platform.instants import read_instants

NO_ROW = -1

Positions = NDArray[np.intp]


def matching_rows(
    entity_frame: pd.DataFrame, prediction_time: pd.Series | None, table: pd.DataFrame, join: Join, *, timezone: str
) -> Positions:
    """Return, for each entity row, the position of the row of `table` that was available at the prediction time.

    Of the rows with the same key, the one observed latest among those with ``observed_at + available_after`` at or
    before the prediction time, unless it was then older than `within`. `NO_ROW` where there is none; a missing key
    matches nothing.

    It is a DataError when a column is missing, key columns are of different types, or `table` has two rows for one key
    (and instant).
    """
    left, right = _key_codes(entity_frame, table, join)
    if join.observed_at is None:
        _validate_unique(table, right, list(join.match.values()), join)
        with_key = np.flatnonzero(right != MISSING_KEY)
        # For a key that it does not hold, the index gives -1: the last place.
        return np.append(with_key, NO_ROW)[pd.Index(right[with_key]).get_indexer(pd.Index(left))]
    if prediction_time is None:
        raise DataError(f"table '{join.table}' is joined as of the prediction time, and the rows have none")
    require_columns(table, [join.observed_at], join.table, "'observed_at'")
    where = f"column '{join.observed_at}' of table '{join.table}'"
    observed_at = read_instants(table[join.observed_at], where, timezone=timezone)
    right[observed_at.isna().to_numpy()] = MISSING_KEY
    # Two local times of different text may be one instant.
    keyed = table[list(join.match.values())].assign(**{join.observed_at: observed_at.array})
    _validate_unique(keyed, right, [*join.match.values(), join.observed_at], join)
    return _latest_available(left, prediction_time, right, observed_at, join)


def take(values: pd.Series, positions: Positions) -> pd.Series:
    """Return ``values[positions]`` on a fresh index, missing where the position is `NO_ROW`."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":  # which has no missing values but as float64
        values = values.astype("Int64" if values.dtype.kind == "i" else "UInt64")
    taken = values.reset_index(drop=True).reindex(positions)
    return pd.Series(taken.array, name=values.name)


def _key_codes(entity_frame: pd.DataFrame, table: pd.DataFrame, join: Join) -> tuple[Positions, Positions]:
    """Return a whole number for each row's key, the same in both tables."""
    require_columns(table, join.match.values(), join.table, "its join")
    pairs = [(entity_frame[ours], table[theirs]) for ours, theirs in join.match.items()]
    for ours, theirs in pairs:
        _validate_same_type(ours, theirs, join)
    codes = key_codes(pairs)
    return codes[: len(entity_frame)], codes[len(entity_frame) :].copy()


def _validate_same_type(ours: pd.Series, theirs: pd.Series, join: Join) -> None:
    our_type, their_type = value_type(ours), value_type(theirs)
    if our_type and their_type and our_type != their_type:
        raise DataError(
            f"join of '{join.table}': '{ours.name}' holds {our_type} ({ours.dtype}) and '{theirs.name}' {their_type} "
            f"({theirs.dtype}); they would never match"
        )


def _validate_unique(table: pd.DataFrame, codes: Positions, columns: list[str], join: Join) -> None:
    keyed = table.loc[codes != MISSING_KEY, columns]
    repeated = keyed.duplicated(keep=False)
    if repeated.any():
        example: dict[str, Any] = keyed[repeated].iloc[0].to_dict()
        shown = ", ".join(f"{name}={value!r}" for name, value in example.items())
        raise DataError(
            f"table '{join.table}' cannot be joined: {repeated.sum():,} of {len(table):,} rows share their "
            f"({', '.join(columns)}) with another, for example {shown}"
        )


def _latest_available(
    left: Positions, prediction_time: pd.Series, right: Positions, observed_at: pd.Series, join: Join
) -> Positions:
    ours = pd.DataFrame({"key": left, "time": prediction_time.array, "ours": np.arange(len(left))})
    available_at = (observed_at + join.available_after).array
    theirs = pd.DataFrame({"key": right, "time": available_at, "theirs": np.arange(len(right))})
    matched = pd.merge_asof(
        ours[ours["key"] != MISSING_KEY].sort_values("time", kind="stable"),
        theirs[theirs["key"] != MISSING_KEY].sort_values("time", kind="stable"),
        on="time",
        by="key",
        # The age is counted from the observation, the merge from the availability.
        tolerance=None if join.within is None else pd.Timedelta(join.within - join.available_after),
    ).dropna(subset=["theirs"])
    positions = np.full(len(left), NO_ROW, dtype=np.intp)
    positions[matched["ours"].to_numpy()] = matched["theirs"].to_numpy().astype(np.intp)
    return positions
