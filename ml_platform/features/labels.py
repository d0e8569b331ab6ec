"""Labels: what really happened, as far as it is known."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from ml_platform.errors import DataError
from ml_platform.features.columns import as_numbers, require_columns
from ml_platform.features.keys import keys_and_event_time
from ml_platform.features.settings import Entity
from ml_platform.features.target import Target, Value
from ml_platform.task import LABEL

EXAMPLES = 5
"""Unknown classes that a message lists."""


def build_labels(entity_frame: pd.DataFrame, entity: Entity, target: Target, *, timezone: str) -> pd.DataFrame:
    """Return one row per entity row, in order: the key, ``event_time`` (UTC) where there is one, and ``label``.

    The label is float64, NaN while the outcome is unknown. Binary: 1 or 0; multiclass: the place of the class among
    `target.classes`; regression: the number. An outcome that the target does not allow is a DataError.

    Parameters
    ----------
    target
        Completed from the contract, see `resolve_target`. Without classes, positive value and bound, the column itself
        is predicted.
    """
    frame = entity_frame.reset_index(drop=True)
    label = label_values(frame, target, entity)
    return frame[list(entity.key)].assign(**keys_and_event_time(frame, entity, timezone), **{LABEL: label})


def label_values(frame: pd.DataFrame, target: Target, entity: Entity) -> pd.Series:
    """Return the labels alone, on the index of `frame`; see `build_labels`."""
    require_columns(frame, [target.column], entity.table, "the target")
    where = f"column '{target.column}' of table '{entity.table}'"
    outcome = replace_values(frame[target.column], target.merged, target.drop_values)
    if target.classes is not None:
        return _codes(outcome, target.classes, where)
    if target.positive is not None:
        _validate_comparable(outcome, target.positive, where)
        return (outcome.dropna() == target.positive).astype("float64").reindex(outcome.index)
    numbers = as_numbers(outcome, f"the target, {where},")
    if target.greater_than is not None:
        return (numbers > target.greater_than).astype("float64").where(numbers.notna())
    if infinite := int(numbers.isin([float("inf"), float("-inf")]).sum()):
        raise DataError(f"target: {where} is infinite in {infinite:,} of {len(numbers):,} rows")
    return numbers


def replace_values(outcome: pd.Series, merged: Mapping[Any, Any], dropped: Collection[Any]) -> pd.Series:
    """Return outcomes in which rare values are merged into a class, or missing."""
    if not merged and not dropped:
        return outcome
    replaced: pd.Series = outcome.astype("object").map(lambda value: merged.get(value, value), na_action="ignore")
    replaced = replaced.where(~replaced.isin(list(dropped)) & outcome.notna(), None)
    return replaced.astype(outcome.dtype) if replaced.notna().all() else replaced


def _codes(outcome: pd.Series, classes: tuple[Value, ...], where: str) -> pd.Series:
    """Return each value's place among the classes."""
    codes = outcome.astype("object").map({value: float(code) for code, value in enumerate(classes)}).astype("float64")
    if (unknown := outcome.notna() & codes.isna()).any():
        counts = outcome[unknown].astype(str).value_counts()
        found = ", ".join(f"{value!r} ({count:,} rows)" for value, count in counts.head(EXAMPLES).items())
        more = f" and {len(counts) - EXAMPLES:,} more" if len(counts) > EXAMPLES else ""
        raise DataError(
            f"target: {where} holds classes that are not among {', '.join(map(repr, classes))}: {found}{more}; "
            f"{int(unknown.sum()):,} of {len(outcome):,} rows"
        )
    return codes


def _validate_comparable(outcome: pd.Series, positive: Value, where: str) -> None:
    """Reject a comparison of text with a number: it is always false, and every label would be 0."""
    known = outcome.dropna()
    if len(known) and isinstance(known.iloc[0], str) != isinstance(positive, str):
        raise DataError(
            f"target: {where} holds {outcome.dtype} values such as {known.tolist()[0]!r}, which cannot be compared "
            f"with 'positive: {positive}'"
        )
