"""A partition's predictions by the current champion."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from ml_platform.errors import NotStored
from ml_platform.lineage.prediction_ids import PREDICTION_ID, prediction_ids
from ml_platform.pipeline.freshness import require_fresh
from ml_platform.pipeline.interface_validation import validate_input
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import Scorer, current_champion, validate_output
from ml_platform.pipeline.stored import stored_document, stored_table
from ml_platform.pipeline.unseen import unseen_rows
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.stores.stores import Stores

INPUT_VALIDATION = "input_validation"
"""Asset of the validation result on the rows that the champion scored."""


@dataclass(frozen=True)
class Predictions:
    """Stored predictions of a partition."""

    manifest: Manifest
    frame: pd.DataFrame
    champion: ModelVersion
    n_unseen: int
    """Rows that the champion was not trained on."""
    kept: bool


def predict(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Predictions:
    """Score a partition's features, which must be fresh and an input for the champion, with it.

    NotStored is raised when there is no champion.
    """
    features = require_fresh(model, stores, "features", partition, run)
    champion = current_champion(stores, model.name)
    if champion is None:
        train = f"ml-platform run {model.name}_train" + (f" --partition {partition}" if partition else "")
        raise NotStored(f"Model '{model.name}' has no champion to score with. Run: {train}")
    validate_output(champion, model.output)
    inputs = {
        features.artifact: features.version,
        "model": champion.onnx_sha256,
        "version": champion.version,
    }
    validate = partial(_validate_input, model, stores, features, champion)
    stored_document(stores, model.artifact(INPUT_VALIDATION, partition), inputs, validate, run)
    make = partial(_score, model, stores, features, champion)
    made = stored_table(stores, model.artifact("predictions", partition), inputs, make, run)
    n_unseen = int(unseen_rows(champion.tags, made.frame).sum())
    return Predictions(made.manifest, made.frame, champion, n_unseen, made.kept)


def _validate_input(model: Model, stores: Stores, features: Manifest, champion: ModelVersion) -> dict[str, Any]:
    """Return the validation result of the features as input of the champion."""
    frame = stores.tables.read_version(features, list(model.kinds))
    return validate_input(stores, champion, frame, features.artifact).to_document()


def _score(model: Model, stores: Stores, features: Manifest, champion: ModelVersion) -> pd.DataFrame:
    spec, frame = model.spec, stores.tables.read_version(features)
    scores = Scorer.load(stores, champion, model.output).score(frame)
    ids = prediction_ids(
        frame,
        spec.entity.key,
        model=spec.name,
        version=champion.version,
        onnx_sha256=champion.onnx_sha256,
        features_version=features.version,
    )
    times = ["event_time", "prediction_time"] if spec.entity.time else []
    return frame[[*spec.entity.key, *times]].assign(
        **{PREDICTION_ID: ids},
        **model.output.columns(scores),
        model_version=champion.version,
        features_version=features.version,
    )
