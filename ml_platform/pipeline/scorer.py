"""Registered model versions that score rows."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import ModelError
from ml_platform.pipeline.unseen import unseen_rows
from ml_platform.stores.mlflow.entities import ModelVersion
from ml_platform.stores.stores import Stores
from ml_platform.task import Output

PREDICTS = "predicts"
"""Tag of a model version: its task, and its classes in the order of their codes."""


@dataclass(frozen=True)
class Scorer:
    """A model version, read and verified."""

    version: ModelVersion
    onnx: bytes

    @classmethod
    def load(cls, stores: Stores, version: ModelVersion, output: Output) -> "Scorer":
        """Read a version's ONNX, verified by registry and ledger; it must predict what `output` says."""
        validate_output(version, output)
        return cls(version, stores.registry.load_onnx(version, ledger=stores.ledger(version.model)))

    def score(self, frame: pd.DataFrame) -> NDArray[Any]:
        """Return what the model predicts for each row, see `Output.columns`."""
        return score(self.onnx, frame)

    def unseen_rows(self, frame: pd.DataFrame) -> NDArray[Any]:
        """Return, for each row, whether the model has not been trained on it."""
        return unseen_rows(self.version.tags, frame)


def validate_output(version: ModelVersion, output: Output) -> None:
    """Raise ModelError for a version that predicts something else: other classes, or the same in another order."""
    stated = predicts(output)[PREDICTS]
    if (recorded := version.tags.get(PREDICTS, stated)) != stated:
        raise ModelError(
            f"Version {version.version} of '{version.model}' predicts {recorded}, and its YAML now says {stated}. "
            "A model that predicts something else is another model: give it another name"
        )


def predicts(output: Output) -> dict[str, str]:
    """Return the tag that says what a version predicts."""
    return {
        PREDICTS: f"{output.task}: {json.dumps(output.classes, ensure_ascii=False)}" if output.classes else output.task
    }


def current_champion(stores: Stores, model: str) -> ModelVersion | None:
    """Return the champion of the ledger, or None when there has never been one; MLflow's alias is moved to it.

    Raises
    ------
    ModelError
        When MLflow no longer has the champion's version, or has a champion that the ledger has never heard of. A
        candidate would otherwise be compared with nothing.
    """
    promoted, mirrored = stores.ledger(model).champion(), stores.registry.champion(model)
    if promoted is None:
        if mirrored is not None:
            raise ModelError(
                f"MLflow calls {mirrored} champion, but the {stores.ledger(model)} has no promotion. "
                "Restore the database from a backup, or remove the alias 'champion' in MLflow"
            )
        return None
    assert promoted.version is not None
    if mirrored is None or mirrored.version != promoted.version:
        stores.registry.promote(model, promoted.version)
    return stores.registry.version(model, promoted.version)


def score(onnx: bytes, frame: pd.DataFrame) -> NDArray[Any]:
    """Return what an ONNX model predicts for each row, see `Output.columns`."""
    from ml_platform.training.onnx_model import OnnxModel

    return OnnxModel.from_bytes(onnx).predict(frame)
