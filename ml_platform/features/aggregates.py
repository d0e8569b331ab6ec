"""Rolling aggregates over the entity's own earlier rows, of what was known when each prediction is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ml_platform.choices import choose
from ml_platform.errors import DataError
from ml_platform.features.columns import as_numbers, require_columns
from ml_platform.features.derivations import Derivation, derive
from ml_platform.features.history import HISTORY, TARGET, Aggregate, History, How
from ml_platform.features.instants import as_instants
from ml_platform.features.keys import event_times
from ml_platform.features.labels import label_values
from ml_platform.instants import UTC

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ml_platform.features.settings import Entity
    from ml_platform.features.target import Target

    Numbers = NDArray[np.float64]
    Codes = NDArray[np.intp]

HOW: dict[How, Callable[[Numbers, Numbers], Numbers]] = {
    "share": lambda total, n_rows: total / n_rows,
    "mean": lambda total, n_rows: total / n_rows,
    "sum": lambda total, n_rows: total,
    "count": lambda total, n_rows: n_rows,
}
"""The value from the sum of the values and the number of rows."""


@dataclass(frozen=True)
class Past:
    """What a history needs beside the rows to be predicted."""

    history: History
    target: Target
    """With what the contract knows of it, see `resolve_target`."""
    earlier: pd.DataFrame | None = None
    """Rows of the entity's table before those to be predicted, at least as far back as the longest window reaches."""


def build_aggregates(
    frame: pd.DataFrame,
    prediction_time: pd.Series,
    past: Past,
    *,
    entity: Entity,
    derivations: Mapping[str, Derivation],
    timezone: str,
) -> dict[str, pd.Series]:
    """Return a column ``history.<name>_<window>`` per aggregate and window, one float64 per row of `frame`.

    A row counts for the window W of a prediction at p when its event time is p - W or later, and its outcome was known
    at p. So it is in the window from the instant that it became known until W after its event time: the aggregate is
    the sum over rows that had come in by p less the sum over those that had gone out, two running sums per group.

    Raises
    ------
    DataError
        When a column is missing, an outcome was known before its own prediction was made, a share is of other values
        than 0 and 1, or a value is infinite.
    """
    import pandas as pd

    columns = dict.fromkeys((*past.history.sources(past.target), *_time_columns(entity)))
    for part in (frame, past.earlier):
        if part is not None:
            require_columns(part, columns, entity.table, "the history")
    parts = [part for part in (past.earlier, frame) if part is not None and len(part)]
    rows = pd.concat([part[list(columns)] for part in parts], ignore_index=True) if parts else frame[list(columns)]
    event_time = event_times(rows, entity, timezone)
    known_at = _known_at(rows, event_time, past.history, entity, derivations=derivations, timezone=timezone)
    asked = pd.DataFrame({"time": prediction_time.astype(UTC).array, "row": range(len(frame))})
    made: dict[str, pd.Series] = {}
    for aggregate in past.history.aggregates:
        groups = _groups(rows, aggregate.per)
        outcomes = pd.DataFrame(
            {"group": groups, "value": _values(rows, aggregate, past.target, entity), "from": known_at}
        ).assign(event_time=event_time)
        questions = asked.assign(group=groups[len(rows) - len(frame) :]).sort_values("time", kind="stable")
        for window in aggregate.windows:
            name = f"{HISTORY}.{aggregate.column(window)}"
            made[name] = pd.Series(_aggregate(questions, outcomes, aggregate, window), name=name, dtype="float64")
    return made


def _time_columns(entity: Entity) -> tuple[str, ...]:
    return (entity.time,) if entity.time else ()


def _known_at(
    rows: pd.DataFrame,
    event_time: pd.Series,
    history: History,
    entity: Entity,
    *,
    derivations: Mapping[str, Derivation],
    timezone: str,
) -> pd.Series:
    """Return the instant at which each row's outcome became known, missing where it never did."""
    import pandas as pd

    if history.known_at is None:
        known_at = event_time + pd.Timedelta(history.known_after or 0)
    else:
        name = history.known_at.derive
        sources = {source: rows[source] for source in history.known_at.sources}
        derived = derive("history.known_at", choose(derivations, name, "derivation"), sources)
        known_at = as_instants(derived, f"history: what {name} returned", timezone=timezone)
    known_at = known_at.astype(UTC)
    if (early := known_at <= event_time - entity.predict_before).any():
        raise DataError(
            f"history: the outcomes of {early.sum():,} of {len(rows):,} rows of table '{entity.table}' were known "
            f"when their own predictions were made, for example at {known_at[early].iloc[0]} for the event at "
            f"{event_time[early].iloc[0]}"
        )
    return known_at


def _values(rows: pd.DataFrame, aggregate: Aggregate, target: Target, entity: Entity) -> pd.Series:
    import numpy as np

    where = f"history, '{aggregate.name}': column '{aggregate.of}' of table '{entity.table}'"
    is_target = aggregate.of == TARGET
    values = label_values(rows, target, entity) if is_target else as_numbers(rows[aggregate.of], where)
    if (infinite := np.isinf(values)).any():
        raise DataError(f"{where} is infinite in {infinite.sum():,} of {len(values):,} rows")
    if aggregate.how == "share" and (other := values.notna() & ~values.isin([0, 1])).any():
        raise DataError(
            f"{where} holds {other.sum():,} of {len(values):,} values that are neither 0 nor 1, such as "
            f"{values[other].iloc[0]:g}: no share can be taken of them"
        )
    return values


def _groups(rows: pd.DataFrame, per: tuple[str, ...]) -> Codes:
    """Return a whole number for each row's group, -1 where part of what names the group is missing."""
    import numpy as np

    if not per:
        return np.zeros(len(rows), dtype=np.intp)
    codes = rows.groupby(list(per), sort=False, dropna=True, observed=True).ngroup()
    groups: Codes = codes.fillna(-1).to_numpy().astype(np.intp)
    return groups


def _aggregate(questions: pd.DataFrame, outcomes: pd.DataFrame, aggregate: Aggregate, window: timedelta) -> Numbers:
    import numpy as np

    until = outcomes["event_time"] + window
    # What became known when its window was already over was never in it. A missing instant is not at or before another.
    counts = (outcomes["group"] >= 0) & outcomes["value"].notna() & (outcomes["from"] <= until)
    inside = outcomes.assign(until=until.astype(UTC))[counts]
    come, come_rows = _totals(questions, inside, "from", including=True)
    gone, gone_rows = _totals(questions, inside, "until", including=False)
    n_rows = come_rows - gone_rows
    with np.errstate(divide="ignore", invalid="ignore"):
        values = HOW[aggregate.how](come - gone, n_rows)
    enough = 0 if aggregate.how == "count" else aggregate.min_rows
    found = np.where(n_rows >= enough, values, np.nan)
    by_row = np.empty(len(questions))
    by_row[questions["row"].to_numpy()] = np.where(questions["group"] >= 0, found, np.nan)
    return by_row


def _totals(
    questions: pd.DataFrame, outcomes: pd.DataFrame, instant: str, *, including: bool
) -> tuple[Numbers, Numbers]:
    """Return, for each question, the sum and number of its group's outcomes until its time."""
    import pandas as pd

    ordered = (
        outcomes[["group", instant, "value"]].sort_values(instant, kind="stable").rename(columns={instant: "time"})
    )
    by_group = ordered.groupby("group", sort=False)
    ordered["total"], ordered["n_rows"] = by_group["value"].cumsum(), by_group.cumcount() + 1.0
    found = pd.merge_asof(
        questions[["group", "time"]],
        ordered[["group", "time", "total", "n_rows"]],
        on="time",
        by="group",
        allow_exact_matches=including,
    )
    return found["total"].fillna(0).to_numpy(), found["n_rows"].fillna(0).to_numpy()
