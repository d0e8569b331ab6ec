"""What columns know of the target and of the partition, measured on the rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.features.calendar import in_timezone
from ml_platform.scaffold.codes import Order, may_be_codes, measure_order
from ml_platform.scaffold.dates import FOLLOWS, LATER, DateFeature, date_features, follows_partition, share_after
from ml_platform.scaffold.near_copy import is_number
from ml_platform.scaffold.partitioning import Partitioning
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.scaffold.roles import ColumnOptions, Role, Seen, reason_to_leave_out
from ml_platform.scaffold.suspects import Suspect, find_suspects
from ml_platform.scaffold.target import InferredTarget
from ml_platform.task import REGRESSION

DATES = ("date", "timestamp")


def measure(
    frame: pd.DataFrame,
    profiles: Mapping[str, ColumnProfile],
    options: ColumnOptions,
    target: InferredTarget,
    partition: NDArray[np.intp] | None,
) -> Seen:
    """Return what the columns that may become inputs know of the target and of the partition."""
    named = {options.target, options.time, *options.key, *options.protected, *options.keep, *options.drop}
    open_ = [name for name, profile in profiles.items() if name not in named and not reason_to_leave_out(profile)]
    columns = pd.DataFrame({name: _plain(frame[name], profiles[name]) for name in open_}, index=frame.index)
    suspects = find_suspects(columns, frame[target.column], target.task)
    if options.time is not None and profiles[options.time].kind in DATES:
        dates = [name for name in open_ if profiles[name].kind in DATES and name not in suspects]
        suspects |= _later_dates(frame, options.time, dates)
    orders = _orders(frame, [name for name in (*open_, *options.keep) if may_be_codes(profiles[name])], target)
    return Seen(suspects, orders, {} if partition is None else _followers(columns, profiles, partition))


def _later_dates(frame: pd.DataFrame, time: str, names: Sequence[str]) -> dict[str, Suspect]:
    shares = {name: share_after(frame, name, time, "UTC") for name in names}
    return {
        name: Suspect("suspicious", f"lies after '{time}' in {share:.0%} of the rows: known then?")
        for name, share in shares.items()
        if share >= LATER
    }


def _orders(frame: pd.DataFrame, names: Sequence[str], target: InferredTarget) -> dict[str, Order]:
    known = frame[frame[target.column].notna()]
    outcome, n_classes = _outcome(known[target.column], target)
    found = {name: measure_order(known[name], outcome, n_classes) for name in names}
    return {name: order for name, order in found.items() if order is not None}


def _followers(
    columns: pd.DataFrame, profiles: Mapping[str, ColumnProfile], partition: NDArray[np.intp]
) -> dict[str, float]:
    """Return the columns of which the partition tells nearly all; of dates, each feature is asked for itself."""
    shares = {
        str(name): follows_partition(columns[name], "number" if is_number(columns[name]) else "category", partition)
        for name in columns
        if profiles[str(name)].kind not in DATES
    }
    return {name: share for name, share in shares.items() if share >= FOLLOWS}


def _plain(values: pd.Series, profile: ColumnProfile) -> pd.Series:
    """Return a column to measure: dates as days."""
    if profile.kind not in DATES:
        return values
    days: pd.Series = in_timezone("days_since", "UTC")(values)
    return days


def _outcome(target: pd.Series, inferred: InferredTarget) -> tuple[NDArray[Any], int]:
    if inferred.task == REGRESSION:
        return target.to_numpy(dtype=float, na_value=np.nan), 0
    codes, values = pd.factorize(target, sort=True)
    return codes, len(values)


def derived_dates(
    frame: pd.DataFrame,
    profiles: Mapping[str, ColumnProfile],
    roles: Mapping[str, Role],
    partitioning: Partitioning | None,
    *,
    timezone: str,
) -> dict[str, list[DateFeature]]:
    """Return what is derived from each date: of those that are inputs, and of the time itself."""
    time = next((name for name, role in roles.items() if role.use == "time"), None)
    dated = [name for name, role in roles.items() if role.use in ("date", "time")]
    inputs = [name for name, role in roles.items() if role.use in ("number", "category")]
    return {
        name: date_features(
            frame,
            name,
            time=time,
            every=partitioning.partitions.every if partitioning else None,
            partition=partitioning.codes if partitioning else None,
            timezone=timezone,
            beside=inputs,
        )
        for name in dated
        if profiles[name].kind in DATES
    }
