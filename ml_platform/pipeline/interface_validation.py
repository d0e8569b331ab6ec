"""Features, model input and predictions against the interface contracts between the steps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ml_platform.contract import Contract, ValidationResult, read_contract
from ml_platform.contract.interfaces import document, feature_field, seen_in_training
from ml_platform.errors import UncheckedData
from ml_platform.pipeline.interfaces import features_contract, origin, predictions_contract
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, stored_document
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.stores.stores import Stores

INPUT_CONTRACT = "input_contract.json"
"""Name of the document that is stored with every model version; who serves the model reads the same one."""


def validate_features(model: Model, stores: Stores, partition: str | None, run: RunContext) -> ValidationResult:
    """Validate a partition of features against its interface contract, once for each version of them."""
    return _validate_table(model, stores, model.artifact("features", partition), features_contract(model), run)


def validate_predictions(model: Model, stores: Stores, partition: str | None, run: RunContext) -> ValidationResult:
    """Validate a partition of predictions against its interface contract, once for each version of them."""
    return _validate_table(model, stores, model.artifact("predictions", partition), predictions_contract(model), run)


def count_rows_and_predictions(model: Model, stores: Stores, partition: str | None) -> tuple[bool, int, int]:
    """Return whether predictions and features have the same keys in the same order, and how many each are."""
    key = list(model.spec.entity.key)
    rows = stores.tables.read(model.artifact("features", partition), key)
    predictions = stores.tables.read(model.artifact("predictions", partition), key)
    return rows.equals(predictions), len(rows), len(predictions)


def input_contract(model: Model, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the contract of a model's input: the kind of each feature, and what the training window has shown."""
    fields = [
        feature_field(f.name, f.kind, origin(f), seen_in_training(frame[f.name], f.kind)) for f in model.spec.features
    ]
    about = f"Input of {model.name}. A value that the training window has not shown is a warning."
    return document("input", about, fields, forbidden=[model.spec.target.column])


def validate_input(stores: Stores, version: ModelVersion, frame: pd.DataFrame, source: str) -> ValidationResult:
    """Validate rows against the input contract of a model version; raise UncheckedData for more than warnings."""
    from ml_platform.contract.validation import validate

    contract = read_contract(stores.registry.load_document(version, INPUT_CONTRACT), Path(INPUT_CONTRACT))
    result = validate(contract, frame[[name for name in frame.columns if name in contract.columns]], file=source)
    if not result.passed:
        wrong = "; ".join(failure.message for failure in result.failures)
        raise UncheckedData(f"{source} is no input for {version}: {wrong}")
    return result


def _validate_table(
    model: Model, stores: Stores, artifact: ArtifactKey, contract: Contract, run: RunContext
) -> ValidationResult:
    inputs = {str(artifact): stores.tables.require(artifact).version, **definition_inputs(model, "contract")}
    result_of = artifact._replace(asset=f"{artifact.asset}_validation")

    def validated() -> Mapping[str, Any]:
        from ml_platform.contract.validation import validate

        return validate(contract, stores.tables.read(artifact), file=str(artifact)).to_document()

    return ValidationResult.from_document(stored_document(stores, result_of, inputs, validated, run).document)
