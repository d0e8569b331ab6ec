"""Features as of the prediction time, and labels."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Filling, Made
from ml_platform.orchestration.assets.contract import kinds_of_entity
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.earlier import lookback_to_divide
from ml_platform.pipeline.interfaces import origin
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def features_kind(model: Model) -> AssetKind:
    """Return the kind of a model's features."""
    asset = Asset(
        "features",
        "One row per entity row: its key, its prediction time, and the features as of that time.",
        frozenset({"pandas", "parquet"}),
    )
    joined = [f"valid_{join.table}" for join in model.spec.joins]
    fills = [Filling(lookback_to_divide, kinds_of_entity(model))]
    return AssetKind("features", (asset,), _make_features, deps=[_entity_rows(model), *joined], fills=fills)


def _entity_rows(model: Model) -> dg.AssetDep:
    """Return the dependency on the partition's own rows, and on those that its rolling aggregates may read.

    Dagster shifts by a number of partitions, so in the graph a long month reaches as far back as a short one; what was
    read for a partition is in its manifest.
    """
    key = asset_key(model, f"valid_{model.spec.entity.table}")
    if model.spec.partitions is None or model.spec.rolling is None:
        return dg.AssetDep(key)
    offset = -model.spec.partitions.most_before(model.spec.lookback)
    mapping = dg.TimeWindowPartitionMapping(start_offset=offset, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(key, partition_mapping=mapping)


def _make_features(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.orchestration.table_metadata import preview, share_missing, summary
    from ml_platform.pipeline.features import make_features

    features = make_features(model, stores, partition, run)
    metadata: dict[str, Any] = {
        "share_of_missing_values": share_missing(features.frame[list(model.kinds)]),
        "features": summary(features.frame[list(model.kinds)], personal_columns(model)),
        "first_rows": preview(features.frame, personal_columns(model)),
    }
    if model.spec.rolling:
        metadata["rolling_aggregates_from"] = ", ".join(
            [*model.spec.lookback_partitions(partition), partition or "whole table"]
        )
    meanings = {feature.name: origin(feature) for feature in model.spec.features}
    yield Made("features", features.manifest.version, features.manifest, metadata, meanings)


def labels_kind(entity_table: str) -> AssetKind:
    """Return the kind of a model's labels."""
    asset = Asset(
        "labels",
        "One row per entity row: its key and its label, missing while the outcome is not known.",
        frozenset({"pandas", "parquet"}),
    )
    return AssetKind("features", (asset,), _make_labels, deps=[f"valid_{entity_table}"])


def _make_labels(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.labels import describe_labels, make_labels

    labels = make_labels(model, stores, partition, run)
    known = labels.frame["label"].dropna().to_numpy()
    metadata = {
        "known": len(known),
        "unknown": len(labels.frame) - len(known),
        "outcomes": describe_labels(model.output, known),
    }
    yield Made("labels", labels.manifest.version, labels.manifest, metadata)
