"""A partition's features, as of each row's prediction time."""

from functools import partial

import pandas as pd

from ml_platform.features.build import build_features
from ml_platform.features.rolling import RollingInputs
from ml_platform.pipeline.freshness import feature_inputs
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredTable, stored_table
from ml_platform.stores.stores import Stores


def make_features(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredTable:
    """Make a partition's features from valid rows, which must be fresh."""
    inputs, make = feature_inputs(model, stores, partition, run), partial(_build, model, stores, partition)
    return stored_table(stores, model.artifact("features", partition), inputs, make, run)


def _build(model: Model, stores: Stores, partition: str | None) -> pd.DataFrame:
    spec = model.spec
    valid = {table: stores.tables.read(model.table_artifact("valid", table, partition)) for table in spec.tables}
    return build_features(
        valid[spec.entity.table],
        {join.table: valid[join.table] for join in spec.joins},
        entity=spec.entity,
        joins=spec.joins,
        features=spec.features,
        derivations=model.derivations,
        timezone=model.timezone,
        rolling=_rolling_inputs(model, stores, partition),
    )


def _rolling_inputs(model: Model, stores: Stores, partition: str | None) -> RollingInputs | None:
    """Return the rolling aggregates, with the rows of the earlier partitions that they look back to."""
    spec, target = model.spec, model.target
    if spec.rolling is None or spec.entity.time is None:
        return None
    columns = list(dict.fromkeys((*spec.rolling.sources(target), spec.entity.time)))
    artifacts = [model.table_artifact("valid", spec.entity.table, key) for key in spec.lookback_partitions(partition)]
    earlier = [stores.tables.read(artifact, columns) for artifact in artifacts]
    return RollingInputs(spec.rolling, target, pd.concat(earlier, ignore_index=True) if earlier else None)
