"""Batch predictions by the champion."""

from collections.abc import Iterator

import dagster as dg

from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def predictions_kind(model: Model) -> AssetKind:
    """Return the kind of a partition's predictions."""
    asset = Asset(
        "predictions",
        "Batch predictions of the current champion, one per entity row, with the versions of the model and of the "
        "features.",
        frozenset({"onnx", "parquet"}),
    )
    return AssetKind("stores", (asset,), _predict, deps=["features", _champion_of_earlier(model)])


def _champion_of_earlier(model: Model) -> dg.AssetDep:
    """Return the dependency on the champion: never the model of the same partition, which has seen its rows."""
    if model.spec.partitions is None:
        return dg.AssetDep(asset_key(model, "champion"))
    mapping = dg.TimeWindowPartitionMapping(-1, -1, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(asset_key(model, "champion"), partition_mapping=mapping)


def _predict(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.orchestration.table_metadata import preview, summary
    from ml_platform.pipeline.predictions import predict

    predictions = predict(model, stores, partition, run)
    metadata = {
        "model_version": predictions.champion.version,
        "rows_the_model_has_not_seen": predictions.n_unseen,
        "predicted": summary(predictions.frame[list(model.output.kinds)]),
        "first_rows": preview(predictions.frame, personal_columns(model)),
        "trace_a_row": f"ml-platform lineage prediction <{PREDICTION_ID}>",
    }
    yield Made("predictions", predictions.manifest.version, predictions.manifest, metadata)
