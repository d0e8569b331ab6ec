"""Features as of the prediction time, and labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ml_platform.orchestration.asset import AssetKind, Leaf, Made, Step
from ml_platform.orchestration.metadata import outcomes, preview, summary
from ml_platform.orchestration.trust import feature_inputs

if TYPE_CHECKING:
    import pandas as pd


def features_kind(tables: tuple[str, ...]) -> AssetKind:
    """Return the kind of a model's features."""
    leaf = Leaf(
        "features",
        "One row per entity row: its key, its prediction time, and what was known by then.",
        frozenset({"pandas", "parquet"}),
    )
    return AssetKind("features", (leaf,), _make_features, deps=[f"valid_{table}" for table in tables])


def labels_kind(entity_table: str) -> AssetKind:
    """Return the kind of a model's labels."""
    leaf = Leaf(
        "labels",
        "One row per entity row: its key and what really happened, missing while that is not known.",
        frozenset({"pandas", "parquet"}),
    )
    return AssetKind("features", (leaf,), _make_labels, deps=[f"valid_{entity_table}"])


def _make_features(step: Step) -> Iterator[Made]:
    inputs = feature_inputs(step.model, step.stores, step.partition)
    manifest, frame = step.table(step.slot("features"), inputs, partial(_build_features, step))
    features = frame[list(step.model.kinds)]
    metadata = {"features": summary(features), "first_rows": preview(frame)}
    meanings = {f.name: " ".join([f.derive or "as it is", "from", *f.sources]) for f in step.model.spec.features}
    yield Made("features", manifest.version, manifest, metadata, meanings)


def _make_labels(step: Step) -> Iterator[Made]:
    inputs = feature_inputs(step.model, step.stores, step.partition)
    manifest, frame = step.table(step.slot("labels"), inputs, partial(_build_labels, step))
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
        timezone=spec.partitions.timezone if spec.partitions else "UTC",
    )


def _build_labels(step: Step) -> pd.DataFrame:
    from ml_platform.features.labels import build_labels

    spec = step.model.spec
    return build_labels(
        _valid(step, spec.entity.table),
        entity=spec.entity,
        target=step.model.target,
        timezone=spec.partitions.timezone if spec.partitions else "UTC",
    )


def _valid(step: Step, table: str) -> pd.DataFrame:
    return step.stores.tables.read(step.model.table_slot("valid", table, step.partition))
