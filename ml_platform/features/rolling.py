"""Rolling aggregates over the entity's own earlier rows, as far as they were available at each prediction time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml_platform.choices import choose
from ml_platform.errors import DataError
from ml_platform.features.columns import as_numbers, require_columns
from ml_platform.features.derivations import Derivation
from ml_platform.features.derive import derive
from ml_platform.features.keys import MISSING_KEY, event_times, key_codes
from ml_platform.features.labels import label_values
from ml_platform.features.rolling_settings import ROLLING, TARGET, Aggregate, Function, Rolling
from ml_platform.features.settings import Entity
from ml_platform.features.spans import Instants, Numbers, Points, Positions, covering_sums
from ml_platform.features.target import Target
from ml_platform.instants import read_instants

FUNCTIONS: dict[Function, Callable[[Numbers, Numbers], Numbers]] = {
    "share": lambda total, n_rows: total / n_rows,
    "mean": lambda total, n_rows: total / n_rows,
    "sum": lambda total, n_rows: total,
    "count": lambda total, n_rows: n_rows,
}
"""The value from the sum of the values and the number of rows."""


@dataclass(frozen=True)
class RollingInputs:
    """What rolling aggregates need beside the rows to be predicted."""

    rolling: Rolling
    target: Target
    """Completed from the contract, see `resolve_target`."""
    earlier: pd.DataFrame | None = None
    """Rows of the entity's table before those to be predicted, at least as far back as the longest window."""


def build_rolling(
    frame: pd.DataFrame,
    prediction_time: pd.Series,
    inputs: RollingInputs,
    *,
    entity: Entity,
    derivations: Mapping[str, Derivation],
    timezone: str,
) -> dict[str, pd.Series]:
    """Return a column ``rolling.<name>_<window>`` per aggregate and window, one float64 per row of `frame`.

    A row counts for the window W of a prediction at p when its event time is p - W or later and its outcome was
    available at p. So a row counts for the predictions of its group from its availability until W after its event time.

    It is a DataError when a column is missing, an outcome was available before its own prediction was made, a share is
    of values other than 0 and 1, or a value is infinite.
    """
    columns = list(dict.fromkeys((*inputs.rolling.sources(inputs.target), *filter(None, [entity.time]))))
    parts = [part for part in (inputs.earlier, frame) if part is not None]
    for part in parts:
        require_columns(part, columns, entity.table, "the block 'rolling'")
    filled = [part[columns] for part in parts if len(part)] or [frame[columns]]
    rows = pd.concat(filled, ignore_index=True)
    event_time = event_times(rows, entity, timezone)
    available_at = _available_at(rows, event_time, inputs.rolling, entity, derivations=derivations, timezone=timezone)
    asked_at = _microseconds(prediction_time)
    built: dict[str, pd.Series] = {}
    for aggregate in inputs.rolling.aggregates:
        by = [[part[column] for part in filled] for column in aggregate.group_by]
        groups = key_codes(by) if by else np.zeros(len(rows), dtype=np.intp)
        values = _values(rows, aggregate, inputs.target, entity)
        points = Points(groups[len(rows) - len(frame) :], asked_at)
        for window in aggregate.windows:
            until = event_time + window
            # No instant is at or before a missing one.
            counts = (groups != MISSING_KEY) & values.notna() & (available_at <= until)
            spans = points.spans(groups[counts], _microseconds(available_at[counts]), _microseconds(until[counts]))
            found = _aggregate(points, spans, values[counts].to_numpy(), aggregate)
            name = f"{ROLLING}.{aggregate.feature(window)}"
            built[name] = pd.Series(found, name=name, dtype="float64")
    return built


def _available_at(
    rows: pd.DataFrame,
    event_time: pd.Series,
    rolling: Rolling,
    entity: Entity,
    *,
    derivations: Mapping[str, Derivation],
    timezone: str,
) -> pd.Series:
    """Return the instant at which each row's outcome became available, missing where it never did."""
    if rolling.available_at is None:
        available_at = event_time + pd.Timedelta(rolling.available_after or 0)
    else:
        name = rolling.available_at.derive
        sources = {source: rows[source] for source in rolling.available_at.sources}
        derived = derive("rolling.available_at", choose(derivations, name, "derivation"), sources)
        available_at = read_instants(derived, f"rolling: what {name} returned", timezone=timezone)
    if (early := available_at <= event_time - entity.predict_before).any():
        raise DataError(
            f"rolling: the outcomes of {early.sum():,} of {len(rows):,} rows of table '{entity.table}' were available "
            f"when their own predictions were made, for example at {available_at[early].iloc[0]} for the event at "
            f"{event_time[early].iloc[0]}"
        )
    return available_at


def _values(rows: pd.DataFrame, aggregate: Aggregate, target: Target, entity: Entity) -> pd.Series:
    where = f"rolling, '{aggregate.name}': column '{aggregate.column}' of table '{entity.table}'"
    if aggregate.column == TARGET:
        values = label_values(rows, target, entity)
    else:
        values = as_numbers(rows[aggregate.column], where)
    if (infinite := np.isinf(values)).any():
        raise DataError(f"{where} is infinite in {infinite.sum():,} of {len(values):,} rows")
    if aggregate.function == "share" and (other := values.notna() & ~values.isin([0, 1])).any():
        raise DataError(
            f"{where} holds {other.sum():,} of {len(values):,} values that are neither 0 nor 1, such as "
            f"{values[other].iloc[0]:g}: they have no share"
        )
    return values


def _microseconds(instants: pd.Series) -> Instants:
    microseconds: Instants = instants.dt.tz_localize(None).to_numpy("datetime64[us]")
    return microseconds


def _aggregate(points: Points, spans: tuple[Positions, Positions], values: Numbers, aggregate: Aggregate) -> Numbers:
    n_points = len(points.places)
    starts, ends = (np.bincount(ends, minlength=n_points + 1)[:n_points] for ends in spans)
    n_rows = np.cumsum(starts - ends).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = FUNCTIONS[aggregate.function](covering_sums(n_points, *spans, values), n_rows)
    enough = n_rows >= (0 if aggregate.function == "count" else aggregate.min_rows)
    by_row = np.empty(n_points)
    by_row[points.order] = np.where(enough, found, np.nan)
    return np.where(points.groups == MISSING_KEY, np.nan, by_row)
