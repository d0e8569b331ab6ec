"""Which row of another table each entity row may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ml_platform.errors import DataError
from ml_platform.features.columns import require_columns
from ml_platform.features.instants import as_instants

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ml_platform.features.settings import Join

    Positions = NDArray[np.intp]

NO_ROW = -1


def matching_rows(
    entity_frame: pd.DataFrame, prediction_time: pd.Series | None, table: pd.DataFrame, join: Join, *, timezone: str
) -> Positions:
    """Return, for each entity row, the position of the row of `table` that was known at the prediction time.

    Of the rows with the same key, the one observed latest among those with ``observed_at + known_after`` at or before
    the prediction time, unless it was then older than `within`. `NO_ROW` (-1) where there is none; a missing key
    matches nothing.

    Raises
    ------
    DataError
        When a column is missing, key columns are of different types, or `table` has two rows for one key (and instant).
    """
    left, right = _key_codes(entity_frame, table, join)
    if join.observed_at is None:
        _validate_unique(table, right, list(join.match.values()), join)
        return _look_up(left, right)
    if prediction_time is None:
        raise DataError(
            f"table '{join.table}' is joined as it was known at the prediction time, and the rows have none"
        )
    require_columns(table, [join.observed_at], join.table, "'observed_at'")
    where = f"column '{join.observed_at}' of table '{join.table}'"
    observed_at = as_instants(table[join.observed_at], where, timezone=timezone)
    right[observed_at.isna().to_numpy()] = NO_ROW
    # Two local times of different text may be one instant.
    keyed = table[list(join.match.values())].assign(**{join.observed_at: observed_at.array})
    _validate_unique(keyed, right, [*join.match.values(), join.observed_at], join)
    return _latest_known(left, prediction_time, right, observed_at, join)


def take(values: pd.Series, positions: Positions) -> pd.Series:
    """Return ``values[positions]`` on a fresh index, missing where the position is `NO_ROW`."""
    import numpy as np
    import pandas as pd

    found = positions != NO_ROW
    taken = values.reset_index(drop=True).reindex(np.where(found, positions, NO_ROW))
    return pd.Series(taken.array, name=values.name)


def _key_codes(entity_frame: pd.DataFrame, table: pd.DataFrame, join: Join) -> tuple[Positions, Positions]:
    """Return a whole number for each row's key, the same in both tables; `NO_ROW` where part of the key is missing."""
    import pandas as pd

    require_columns(table, join.match.values(), join.table, "its join")
    parts: list[pd.Series] = []
    for entity_column, column in join.match.items():
        ours, theirs = entity_frame[entity_column], table[column]
        _validate_same_types(ours, theirs, join)
        parts.append(pd.concat([ours, theirs], ignore_index=True).rename(len(parts)))
    codes = pd.concat(parts, axis=1).groupby(list(range(len(parts))), sort=False, dropna=True, observed=True).ngroup()
    together: Positions = codes.fillna(NO_ROW).to_numpy().astype("intp")
    return together[: len(entity_frame)], together[len(entity_frame) :].copy()


def _validate_same_types(ours: pd.Series, theirs: pd.Series, join: Join) -> None:
    import pandas as pd

    def family(values: pd.Series) -> str:
        if pd.api.types.is_numeric_dtype(values.dtype):
            return "number"
        return "time" if pd.api.types.is_datetime64_any_dtype(values.dtype) else "text"

    if len(ours) and len(theirs) and family(ours) != family(theirs):
        raise DataError(
            f"join of '{join.table}': '{ours.name}' holds {ours.dtype} and '{theirs.name}' {theirs.dtype}; "
            "they would never match"
        )


def _validate_unique(table: pd.DataFrame, codes: Positions, columns: list[str], join: Join) -> None:
    known = table.loc[codes != NO_ROW, columns]
    repeated = known.duplicated(keep=False)
    if repeated.any():
        example: dict[str, Any] = known[repeated].iloc[0].to_dict()
        shown = ", ".join(f"{name}={value!r}" for name, value in example.items())
        raise DataError(
            f"table '{join.table}' cannot be joined: {repeated.sum():,} of {len(table):,} rows share their "
            f"({', '.join(columns)}) with another, for example {shown}"
        )


def _look_up(left: Positions, right: Positions) -> Positions:
    import numpy as np

    row_of = np.full(max(left.max(initial=NO_ROW), right.max(initial=NO_ROW)) + 2, NO_ROW, dtype=np.intp)
    known = np.flatnonzero(right != NO_ROW)
    row_of[right[known]] = known
    row_of[NO_ROW] = NO_ROW  # the last place, which no key has
    return row_of[left]


def _latest_known(
    left: Positions, prediction_time: pd.Series, right: Positions, observed_at: pd.Series, join: Join
) -> Positions:
    import numpy as np
    import pandas as pd

    ours = pd.DataFrame({"key": left, "time": prediction_time.array, "ours": np.arange(len(left))})
    theirs = pd.DataFrame(
        {"key": right, "time": (observed_at + join.known_after).array, "theirs": np.arange(len(right))}
    )
    matched = pd.merge_asof(
        ours[ours["key"] != NO_ROW].sort_values("time", kind="stable"),
        theirs[theirs["key"] != NO_ROW].sort_values("time", kind="stable"),
        on="time",
        by="key",
        # The age is counted from the observation, the merge from the moment it could be read.
        tolerance=None if join.within is None else pd.Timedelta(join.within - join.known_after),
    ).dropna(subset=["theirs"])
    positions = np.full(len(left), NO_ROW, dtype=np.intp)
    positions[matched["ours"].to_numpy()] = matched["theirs"].to_numpy().astype(np.intp)
    return positions
