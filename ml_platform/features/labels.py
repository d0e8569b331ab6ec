"""Labels: what really happened, as far as it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.features.build import event_times
from ml_platform.features.columns import require_columns
from ml_platform.features.settings import EVENT_TIME, LABEL, Entity, Target

if TYPE_CHECKING:
    import pandas as pd


def build_labels(entity_frame: pd.DataFrame, entity: Entity, target: Target, *, timezone: str) -> pd.DataFrame:
    """Return one row per entity row, in the same order.

    Returns
    -------
    DataFrame
        The key columns, ``event_time`` (UTC) and ``label`` (float64: 1, 0, or NaN while the outcome is
        unknown). Not Int64, which comes back from Parquet as float64.

    Raises
    ------
    DataError
        When a column is missing, or the target's column can never be equal to, or greater than, the value.
    """
    frame = entity_frame.reset_index(drop=True)
    require_columns(frame, [target.column], entity.table, "the target")
    event_time = event_times(frame, entity, timezone)
    outcome = frame[target.column]
    _refuse_other_type(outcome, target, entity)
    positive = outcome == target.equals if target.greater_than is None else outcome > target.greater_than
    label = positive.astype("float64").where(outcome.notna())
    return frame[list(entity.key)].assign(**{EVENT_TIME: event_time, LABEL: label})


def _refuse_other_type(outcome: pd.Series, target: Target, entity: Entity) -> None:
    """Refuse to compare text with a number, which pandas calls unequal and every label would be 0."""
    import pandas as pd

    is_number = pd.api.types.is_numeric_dtype(outcome.dtype)
    if is_number == isinstance(target.equals, str) and outcome.notna().any():
        wanted = f"greater_than {target.greater_than}" if target.equals is None else f"equals {target.equals!r}"
        raise DataError(
            f"target: column '{target.column}' of table '{entity.table}' holds {outcome.dtype} values such as "
            f"{outcome.dropna().iloc[0]!r}, which cannot be held against '{wanted}'"
        )
