"""Features: for each entity row, what was available at its prediction time."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ml_platform.choices import choose
from ml_platform.errors import DataError
from ml_platform.features.as_of import Positions, matching_rows, take
from ml_platform.features.columns import as_numbers, as_text, require_columns
from ml_platform.features.derivations import Derivation
from ml_platform.features.derive import derive
from ml_platform.features.keys import keys_and_event_time
from ml_platform.features.rolling import RollingInputs, build_rolling
from ml_platform.features.rolling_settings import ROLLING
from ml_platform.features.settings import (
    Entity,
    Feature,
    Join,
    is_key,
    validate_tables,
    validate_unique_names,
)
from ml_platform.task import EVENT_TIME, PREDICTION_TIME


def build_features(
    entity_frame: pd.DataFrame,
    joined: Mapping[str, pd.DataFrame],
    *,
    entity: Entity,
    joins: Sequence[Join],
    features: Sequence[Feature],
    derivations: Mapping[str, Derivation],
    timezone: str,
    rolling: RollingInputs | None = None,
) -> pd.DataFrame:
    """Return one row per entity row, in the same order.

    Parameters
    ----------
    joined
        The other tables by name, whole: rows of the future are ignored.
    derivations
        The functions that features name in `derive`, see `load_derivations`.
    timezone
        Of times without an offset.
    rolling
        The aggregates that features name as ``rolling.<aggregate>``, and the earlier rows that they need.

    Returns
    -------
    DataFrame
        The key columns; where the entity has a time, ``event_time``, and ``prediction_time`` before it, both UTC; a
        column per feature, float64 (number) or str (category), missing where nothing was available. A key column that
        is a feature too is there once.

    Raises
    ------
    DataError
        When a table, a column or a time is missing, a join is ambiguous, or a derivation is not row-wise.
    """
    validate_unique_names(entity, features)
    validate_tables(joins, features, also=(ROLLING,) if rolling else ())
    frame = entity_frame.reset_index(drop=True)
    built = keys_and_event_time(frame, entity, timezone)
    if entity.time is not None:
        built[PREDICTION_TIME] = built[EVENT_TIME] - entity.predict_before
    needed_by = {source: f"feature '{feature.name}'" for feature in features for source in feature.sources}
    columns = _own_columns(frame, entity, needed_by)
    for join in joins:
        require_columns(frame, join.match, entity.table, f"the join of '{join.table}'")
        if join.table not in joined:
            given = ", ".join(joined) or "none"
            raise DataError(f"table '{join.table}' is to be joined but was not given. Given: {given}")
        table = joined[join.table]
        positions = matching_rows(frame, built.get(PREDICTION_TIME), table, join, timezone=timezone)
        columns |= _joined_columns(table, positions, join, needed_by)
    if rolling is not None:
        columns |= build_rolling(
            frame, built[PREDICTION_TIME], rolling, entity=entity, derivations=derivations, timezone=timezone
        )
    for feature in features:
        values = _values(feature, columns, derivations)
        if is_key(feature, entity):
            _validate_key_of_other_type(built[feature.name], values, entity)
        built[feature.name] = values
    return pd.DataFrame(built)


def _own_columns(frame: pd.DataFrame, entity: Entity, needed_by: Mapping[str, str]) -> dict[str, pd.Series]:
    """Return the columns of the entity's table that features are made from."""
    columns = [source for source in needed_by if "." not in source]
    for column in columns:
        require_columns(frame, [column], entity.table, needed_by[column])
    return {column: frame[column] for column in columns}


def _joined_columns(
    table: pd.DataFrame, positions: Positions, join: Join, needed_by: Mapping[str, str]
) -> dict[str, pd.Series]:
    """Return the columns of a joined table that features are made from, on the entity's rows, as ``table.column``."""
    sources = [source for source in needed_by if source.startswith(f"{join.table}.")]
    columns = {source: source.partition(".")[2] for source in sources}
    for source, column in columns.items():
        require_columns(table, [column], join.table, needed_by[source])
    return {source: take(table[column], positions) for source, column in columns.items()}


def _values(feature: Feature, columns: Mapping[str, pd.Series], derivations: Mapping[str, Derivation]) -> pd.Series:
    sources = {source: columns[source] for source in feature.sources}
    if feature.derive is None:
        (values,) = sources.values()
    else:
        values = derive(feature.name, choose(derivations, feature.derive, "derivation"), sources)
    made = as_numbers(values, f"feature '{feature.name}'") if feature.kind == "number" else as_text(values)
    return made.rename(feature.name)


def _validate_key_of_other_type(key: pd.Series, values: pd.Series, entity: Entity) -> None:
    if not key.equals(values):
        raise DataError(
            f"key column '{key.name}' of table '{entity.table}' holds {key.dtype} and is a category too. Give the "
            "feature another name, and the column in 'from'"
        )
