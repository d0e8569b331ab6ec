"""Interface contracts: what the steps of one model promise each other, from its YAML and its training window.

Light to import: the graph reads the names of the checks here. `interface_validation` applies the contracts.
"""

from pathlib import Path

from ml_platform.contract import Contract, read_contract
from ml_platform.contract.interfaces import Field, document, feature_field
from ml_platform.features.settings import Feature
from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.pipeline.model import Model
from ml_platform.task import BINARY, PREDICTED, PREDICTION


def features_contract(model: Model) -> Contract:
    """Return the contract of a partition of features: keys, times, each feature of its kind, and no target."""
    spec = model.spec
    keys = _keys_and_times(model)
    names = {field.name for field in keys}
    features = [feature_field(f.name, f.kind, origin(f)) for f in spec.features if f.name not in names]
    about = f"The features of {spec.name}, one row per entity row."
    stated = document("features", about, [*keys, *features], forbidden=[spec.target.column])
    return read_contract(stated, Path(f"{spec.name}, features"), foreign=False)


def predictions_contract(model: Model) -> Contract:
    """Return the contract of a partition of predictions: nothing missing, probabilities 0 to 1, one row per key."""
    output = model.output
    predicted = [_predicted(model, name, kind) for name, kind in output.kinds.items()]
    provenance = [
        Field(PREDICTION_ID, "string", "Names the prediction for ever."),
        Field("model_version", "string", "Version of the model that made it."),
        Field("features_version", "string", "Version of the features that it was made from."),
    ]
    fields = [*_keys_and_times(model), *predicted, *provenance]
    stated = document("predictions", f"The predictions of {model.name}, one row per entity row.", fields)
    return read_contract(stated, Path(f"{model.name}, predictions"), foreign=False)


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


def origin(feature: Feature) -> str:
    """Return what a feature is made from, in words."""
    return " ".join([feature.derive or "as it is", "from", *feature.sources])
