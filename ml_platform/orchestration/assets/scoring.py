"""Batch predictions by the champion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.errors import NotStored
from ml_platform.lineage.prediction_ids import PREDICTION_ID, prediction_ids
from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.checks.interfaces import INPUT_VALIDATION
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.metadata import preview, summary
from ml_platform.pipeline.freshness import require_fresh
from ml_platform.pipeline.interfaces import hold_input
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.scorer import Scorer, current_champion
from ml_platform.stores.mlflow.entities import ModelVersion

if TYPE_CHECKING:
    import pandas as pd


def predictions_kind(model: Model) -> AssetKind:
    """Return the kind of a partition's predictions."""
    asset = Asset(
        "predictions",
        "One prediction per entity row by whoever is champion now, with the versions of the model and of the features.",
        frozenset({"onnx", "parquet"}),
    )
    return AssetKind("stores", (asset,), _predict, deps=["features", _champion_of_earlier(model)])


def _champion_of_earlier(model: Model) -> dg.AssetDep:
    """Return the dependency on the champion: never the model of the same partition, which has seen its rows."""
    if model.spec.partitions is None:
        return dg.AssetDep(asset_key(model, "champion"))
    mapping = dg.TimeWindowPartitionMapping(-1, -1, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(asset_key(model, "champion"), partition_mapping=mapping)


def _predict(step: Step) -> Iterator[Made]:
    stores, spec = step.stores, step.model.spec
    features = require_fresh(step.model, stores, "features", step.partition)
    champion = current_champion(stores, step.model.name)
    if champion is None:
        train = f"ml-platform run {spec.name}_train" + (f" --partition {step.partition}" if step.partition else "")
        raise NotStored(f"Model '{spec.name}' has no champion to score with. Run: {train}")
    scorer = Scorer.load(stores, champion, step.model.output)
    inputs = {
        str(step.artifact("features")): features.version,
        "model": champion.onnx_sha256,
        "version": champion.version,
    }
    _hold_input(step, champion, inputs)
    manifest, predictions = step.table(
        step.artifact("predictions"), inputs, partial(_score, step, scorer, features_version=features.version)
    )
    unseen = scorer.unseen_rows(predictions)
    metadata = {
        "model_version": champion.version,
        "rows_the_model_has_not_seen": int(unseen.sum()),
        "predicted": summary(predictions[list(step.model.output.kinds)]),
        "first_rows": preview(predictions),
        "trace_a_row": f"ml-platform lineage prediction <{PREDICTION_ID}>",
    }
    yield Made("predictions", manifest.version, manifest, metadata)


def _hold_input(step: Step, champion: ModelVersion, inputs: Mapping[str, str]) -> None:
    """Hold the features against what the champion can be asked with, and store the validation."""
    artifact = step.artifact("features")
    frame = step.stores.tables.read(artifact, list(step.model.kinds))
    validation = hold_input(step.stores, champion, frame, str(artifact))
    step.stores.documents.write(
        step.artifact(INPUT_VALIDATION), validation.to_document(), inputs=inputs, run_id=step.run_id
    )


def _score(step: Step, scorer: Scorer, *, features_version: str) -> pd.DataFrame:
    spec, version = step.model.spec, scorer.version
    frame = step.stores.tables.read(step.artifact("features"))
    ids = prediction_ids(
        frame,
        spec.entity.key,
        model=spec.name,
        version=version.version,
        onnx_sha256=version.onnx_sha256,
        features_version=features_version,
    )
    times = ["event_time", "prediction_time"] if spec.entity.time else []
    return frame[[*spec.entity.key, *times]].assign(
        **{PREDICTION_ID: ids},
        **step.model.output.columns(scorer.score(frame)),
        model_version=version.version,
        features_version=features_version,
    )
