"""Features as of the prediction time, and labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.metadata import outcomes, preview, summary
from ml_platform.pipeline.freshness import feature_inputs, label_inputs
from ml_platform.pipeline.model import Model

if TYPE_CHECKING:
    import pandas as pd

    from ml_platform.features.rolling import RollingInputs


def features_kind(model: Model) -> AssetKind:
    """Return the kind of a model's features."""
    asset = Asset(
        "features",
        "One row per entity row: its key, its prediction time, and what was known by then.",
        frozenset({"pandas", "parquet"}),
    )
    joined = [f"valid_{join.table}" for join in model.spec.joins]
    return AssetKind("features", (asset,), _make_features, deps=[_entity_rows(model), *joined])


def _entity_rows(model: Model) -> dg.AssetDep:
    """Return the dependency on the partition's own rows and on those that its rolling aggregates may read.

    Dagster shifts by a number of partitions, so in the graph a long month reaches as far back as a short one; what was
    read for a partition is in its manifest.
    """
    key = asset_key(model, f"valid_{model.spec.entity.table}")
    if model.spec.partitions is None or model.spec.rolling is None:
        return dg.AssetDep(key)
    offset = -model.spec.partitions.most_before(model.spec.lookback)
    mapping = dg.TimeWindowPartitionMapping(start_offset=offset, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(key, partition_mapping=mapping)


def labels_kind(entity_table: str) -> AssetKind:
    """Return the kind of a model's labels."""
    asset = Asset(
        "labels",
        "One row per entity row: its key and what really happened, missing while that is not known.",
        frozenset({"pandas", "parquet"}),
    )
    return AssetKind("features", (asset,), _make_labels, deps=[f"valid_{entity_table}"])


def _make_features(step: Step) -> Iterator[Made]:
    inputs = feature_inputs(step.model, step.stores, step.partition)
    manifest, frame = step.table(step.artifact("features"), inputs, partial(_build_features, step))
    features = frame[list(step.model.kinds)]
    spec = step.model.spec
    read = ", ".join([*spec.lookback_partitions(step.partition), step.partition or "whole table"])
    lookback = {"rolling_aggregates_from": read} if spec.rolling else {}
    metadata = {"features": summary(features), "first_rows": preview(frame), **lookback}
    meanings = {f.name: " ".join([f.derive or "as it is", "from", *f.sources]) for f in spec.features}
    yield Made("features", manifest.version, manifest, metadata, meanings)


def _make_labels(step: Step) -> Iterator[Made]:
    inputs = label_inputs(step.model, step.stores, step.partition)
    manifest, frame = step.table(step.artifact("labels"), inputs, partial(_build_labels, step))
    known = frame["label"].dropna().to_numpy()
    metadata = {
        "known": len(known),
        "unknown": len(frame) - len(known),
        "outcomes": outcomes(step.model.output, known),
    }
    yield Made("labels", manifest.version, manifest, metadata)


def _build_features(step: Step) -> pd.DataFrame:
    from ml_platform.features.build import build_features

    spec = step.model.spec
    return build_features(
        _valid(step, spec.entity.table),
        {join.table: _valid(step, join.table) for join in spec.joins},
        entity=spec.entity,
        joins=spec.joins,
        features=spec.features,
        derivations=step.model.derivations,
        timezone=spec.timezone,
        rolling=_rolling_inputs(step),
    )


def _build_labels(step: Step) -> pd.DataFrame:
    from ml_platform.features.labels import build_labels

    spec = step.model.spec
    return build_labels(
        _valid(step, spec.entity.table),
        entity=spec.entity,
        target=step.model.target,
        timezone=spec.timezone,
    )


def _rolling_inputs(step: Step) -> RollingInputs | None:
    """Return the model's rolling aggregates, with the rows of the earlier partitions that they look back to."""
    import pandas as pd

    from ml_platform.features.rolling import RollingInputs

    spec, target = step.model.spec, step.model.target
    if spec.rolling is None or spec.entity.time is None:
        return None
    columns = list(dict.fromkeys((*spec.rolling.sources(target), spec.entity.time)))
    artifacts = [
        step.model.table_artifact("valid", spec.entity.table, key)
        for key in step.model.spec.lookback_partitions(step.partition)
    ]
    earlier = [step.stores.tables.read(artifact, columns) for artifact in artifacts]
    return RollingInputs(spec.rolling, target, pd.concat(earlier, ignore_index=True) if earlier else None)


def _valid(step: Step, table: str) -> pd.DataFrame:
    return step.stores.tables.read(step.model.table_artifact("valid", table, step.partition))
