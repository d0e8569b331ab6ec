"""The contracts between the steps of one model, written from its YAML and from what training has seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml_platform.contract import Contract, ValidationResult, evaluate, read_contract
from ml_platform.contract.interfaces import Field, document, feature_field, seen_in_training
from ml_platform.errors import UncheckedData
from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.pipeline.model import Model
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.stores.stores import Stores
from ml_platform.task import BINARY, PREDICTED, PREDICTION

if TYPE_CHECKING:
    import pandas as pd

INPUT_CONTRACT = "input_contract.json"
"""Name of the document that is stored with every model version; who serves the model reads the same one."""


def features_contract(model: Model) -> Contract:
    """Return what a partition of features keeps: its keys and times, each feature of its kind, and no target."""
    spec = model.spec
    keys = _keys_and_times(model)
    names = {field.name for field in keys}
    features = [feature_field(f.name, f.kind, _origin(f)) for f in spec.features if f.name not in names]
    about = f"The features of {spec.name}, one row per entity row."
    stated = document("features", about, [*keys, *features], forbidden=[spec.target.column])
    return read_contract(stated, Path(f"{spec.name}, features"))


def input_contract(model: Model, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the document on a model's input: each feature's kind, and what the training window has shown of it."""
    fields = [
        feature_field(f.name, f.kind, _origin(f), seen_in_training(frame[f.name], f.kind)) for f in model.spec.features
    ]
    about = f"What {model.name} is asked with. Other values than training has seen are a warning."
    return document("input", about, fields, forbidden=[model.spec.target.column])


def predictions_contract(model: Model) -> Contract:
    """Return what a partition of predictions keeps: all there, probabilities from 0 to 1, one per key."""
    output = model.output
    predicted = [_predicted(model, name, kind) for name, kind in output.kinds.items()]
    origin = [
        Field(PREDICTION_ID, "string", "Names the prediction for ever."),
        Field("model_version", "string", "Version of the model that made it."),
        Field("features_version", "string", "Version of the features that it was made from."),
    ]
    fields = [*_keys_and_times(model), *predicted, *origin]
    stated = document("predictions", f"The predictions of {model.name}, one row per entity row.", fields)
    return read_contract(stated, Path(f"{model.name}, predictions"))


def hold_input(stores: Stores, version: ModelVersion, frame: pd.DataFrame, source: str) -> ValidationResult:
    """Hold rows that a model is to score against its input contract; warnings are in the validation.

    Raises
    ------
    UncheckedData
        When a column is not there or not of its type: the model would answer nonsense.
    """
    contract = read_contract(stores.registry.load_document(version, INPUT_CONTRACT), Path(INPUT_CONTRACT))
    validation = evaluate(contract, frame[[name for name in frame.columns if name in contract.columns]], file=source)
    if not validation.passed:
        wrong = "; ".join(check_result.message for check_result in validation.failures)
        raise UncheckedData(f"{source} is no input for {version}: {wrong}")
    return validation


def _keys_and_times(model: Model) -> list[Field]:
    spec = model.spec
    columns = model.contracts[spec.entity.table].columns
    keys = [
        Field(
            name,
            columns[name].type,
            columns[name].description or "Part of the key.",
            key_position=position,
            has_time_zone=columns[name].has_time_zone,
        )
        for position, name in enumerate(spec.entity.key, start=1)
    ]
    if not spec.entity.time:
        return keys
    times = {"event_time": "When what the row is about happens.", "prediction_time": "When it is predicted."}
    return [*keys, *(Field(name, "timestamp", text, has_time_zone=True) for name, text in times.items())]


def _predicted(model: Model, name: str, kind: str) -> Field:
    if name == PREDICTION:
        return Field(name, "number", "The predicted number.")
    if name == PREDICTED:
        return Field(name, "string", "The most probable class.", values=model.output.classes)
    of = "the positive class" if model.spec.task == BINARY else "one class"
    return Field(name, "number", f"Probability of {of}.", within=(0.0, 1.0))


def _origin(feature: Any) -> str:
    return " ".join([feature.derive or "as it is", "from", *feature.sources])
