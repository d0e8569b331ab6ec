"""Infer a model from a table: each column's role, the key, the target, the partitions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from ml_platform.errors import DataError, SpecError
from ml_platform.features.labels import replace_values
from ml_platform.frames import to_frame
from ml_platform.instants import read_instants
from ml_platform.partitions import Every
from ml_platform.scaffold.dates import DateFeature
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.key import find_key, with_row_numbers
from ml_platform.scaffold.measure import derived_dates, measure
from ml_platform.scaffold.partitioning import Partitioning, choose_partitioning
from ml_platform.scaffold.profile import ColumnProfile, profile_columns
from ml_platform.scaffold.roles import ColumnOptions, Role, assign_roles
from ml_platform.scaffold.source import Source
from ml_platform.scaffold.stated import Replaced, Stated, read_replaced
from ml_platform.scaffold.target import InferredTarget, infer_target
from ml_platform.scaffold.times import YEARS
from ml_platform.task import Task


def infer_model(
    source: Source,
    options: ColumnOptions,
    *,
    task: Task | None,
    timezone: str,
    time_format: str | None,
    stated: Stated | None = None,
) -> InferredModel:
    """Return a model for a table.

    It is a SpecError when a column that is named does not exist, or is named for two uses; and a DataError when the key
    is not one, the target cannot be learned, or no column is left to learn from.
    """
    options, stated = _in_table(source, options), stated or Stated()
    table, profiles = source.table, profile_columns(source.table)
    frame, replaced = to_frame(table), read_replaced(stated, profiles[options.target])
    target = _target(frame, profiles[options.target], replaced, task)
    key = find_key(frame, profiles, options)
    if made_key := not key:
        table, name = with_row_numbers(table)
        key, profiles = (name,), profile_columns(table)
    partitioning, time_format = _partitioning(frame, profiles, options, timezone, time_format, every=stated.every)
    options = replace(options, key=key)
    partition = partitioning.codes if partitioning else None
    outcome = replace_values(frame[options.target], replaced.merged, replaced.drop_values)
    known = frame.assign(**{options.target: outcome})
    roles = assign_roles(profiles, options, measure(known, profiles, options, target, partition))
    if made_key:
        roles[key[0]] = Role(key[0], "key", "made: no column of the file names its rows, so they are numbered")
    dates = derived_dates(frame, profiles, roles, partitioning, timezone=timezone)
    roles |= {name: _with_features(roles[name], found) for name, found in dates.items()}
    model = InferredModel(
        source,
        table,
        profiles,
        roles,
        target,
        key,
        made_key,
        options.time,
        time_format,
        partitioning,
        timezone,
        dates,
        stated,
    )
    _validate_features(model)
    return _without_empty_columns(model)


def _in_table(source: Source, options: ColumnOptions) -> ColumnOptions:
    """Return the options with columns called as in the table."""
    named = ColumnOptions(
        target=source.column(options.target),
        key=tuple(map(source.column, options.key)),
        time=source.column(options.time) if options.time is not None else None,
        protected=tuple(map(source.column, options.protected)),
        keep=tuple(map(source.column, options.keep)),
        drop=tuple(map(source.column, options.drop)),
    )
    uses = {"--key": named.key, "--time": (named.time,), "--protected": named.protected, "--keep": named.keep}
    for option, columns in {**uses, "--drop": named.drop}.items():
        if named.target in columns:
            raise SpecError(f"column '{named.target}' is the target, and {option} as well")
    if both := sorted(set(named.keep) & {*named.drop, *named.protected}):
        raise SpecError(f"column '{both[0]}' is both kept and left out")
    return named


def _target(frame: pd.DataFrame, profile: ColumnProfile, replaced: Replaced, task: Task | None) -> InferredTarget:
    """Return the target as it is once values have been merged and dropped."""
    if not replaced.merge and not replaced.drop_values:
        return infer_target(profile, task)
    outcome = replace_values(frame[profile.name], replaced.merged, replaced.drop_values)
    left = profile_columns(pa.table({profile.name: pa.array(outcome.tolist(), from_pandas=True)}))[profile.name]
    return replace(infer_target(left, task), merge=replaced.merge, drop_values=replaced.drop_values)


def _partitioning(
    frame: pd.DataFrame,
    profiles: Mapping[str, ColumnProfile],
    options: ColumnOptions,
    timezone: str,
    time_format: str | None,
    *,
    every: Every | None,
) -> tuple[Partitioning | None, str | None]:
    """Return the partitioning, and how a time that is a number or text is read."""
    if options.time is None:
        return None, None
    profile = profiles[options.time]
    if profile.kind in ("date", "timestamp"):
        time_format = None  # what was text has been read with the format already
    if profile.kind == "integer" and time_format is None and profile.least in YEARS and profile.most in YEARS:
        time_format = "%Y"
    if profile.kind == "string" and time_format is None:
        example = f" (such as {profile.values[0]!r})" if profile.values else ""
        raise DataError(
            f"column '{options.time}' is text{example}, not times. Say how to read it: --time-format '%d/%m/%Y'"
        )
    if profile.kind in ("boolean", "number"):
        raise DataError(f"column '{options.time}' is of type {profile.kind}, not times")
    where = f"column '{options.time}'"
    instants = read_instants(frame[options.time], where, timezone=timezone, time_format=time_format)
    return choose_partitioning(instants, timezone, options.time, every), time_format


def _with_features(role: Role, found: Sequence[DateFeature]) -> Role:
    """Say what is derived from a date; one from which nothing is derived is left out."""
    said = ", ".join(feature.part.replace("_", " ") for feature in found)
    if role.use == "time":
        return replace(role, reason=f"{role.reason}; gives {said}") if found else role
    if not found:
        return Role(role.column, "left out", "a date of which the partition tells nearly all", suspicious=True)
    return replace(role, reason=f"a date, gives {said}; {role.reason}")


def _validate_features(model: InferredModel) -> None:
    if model.features:
        return
    left_out = [f"{role.column}: {role.reason}" for role in model.roles.values() if role.use == "left out"]
    raise DataError(
        "\n  ".join(["no column is left that a model could learn from:", *left_out, "Name those to use: --keep COLUMN"])
    )


def _without_empty_columns(model: InferredModel) -> InferredModel:
    """Drop columns that have no value in some partition: no contract can state that share of missing values."""
    tables = model.by_partition().values()
    empty = [name for name in model.table.column_names if any(t[name].null_count == len(t) for t in tables)]
    if not empty or model.target.column in empty:
        return model
    why = "some partitions have no value of it at all, which no contract can allow: it is not in the table"
    roles = dict(model.roles)
    for name in empty:
        before = f"{roles[name].reason}; " if roles[name].use == "left out" else ""
        roles[name] = Role(name, "left out", before + why, suspicious=True)
    kept = replace(
        model,
        table=model.table.drop_columns(empty),
        profiles={name: profile for name, profile in model.profiles.items() if name not in empty},
        roles=roles,
    )
    _validate_features(kept)
    return kept
