"""Registered models as things that score rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ml_platform.errors import ModelError
from ml_platform.stores.registry import ModelVersion
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TRAINED_BEFORE = "trained_before"
"""Tag of a model version: end of the newest partition in its training window; no row before it is unseen."""


@dataclass(frozen=True)
class Scorer:
    """A model version and its scores."""

    version: ModelVersion
    onnx: bytes

    @classmethod
    def load(cls, stores: Stores, version: ModelVersion) -> Scorer:
        """Read a version's ONNX, verified against the hashes in the registry and in the ledger."""
        return cls(version, stores.registry.load_onnx(version, ledger=stores.ledger(version.model)))

    def score(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the probability of the positive class for each row."""
        return score(self.onnx, frame)

    def has_not_seen(self, event_time: pd.Series) -> np.ndarray:
        """Return, for each row, whether it lies after everything that the model was trained on."""
        import numpy as np
        import pandas as pd

        trained_before = self.version.tags.get(TRAINED_BEFORE)
        if not trained_before:
            return np.zeros(len(event_time), dtype=bool)
        unseen: np.ndarray = (event_time >= pd.Timestamp(datetime.fromisoformat(trained_before))).to_numpy()
        return unseen


def current_champion(stores: Stores, model: str) -> ModelVersion | None:
    """Return the champion, or None when there has never been one.

    Raises
    ------
    ModelError
        When the ledger knows of a champion and the registry does not: its version was deleted, and with it the alias.
        A candidate would otherwise be held against nobody.
    """
    champion = stores.registry.champion(model)
    promoted = [entry for entry in stores.ledger(model).entries() if entry.action == "promoted"]
    if champion is None and promoted:
        raise ModelError(
            f"The registry has no champion of '{model}', but version {promoted[-1].version} was promoted at "
            f"{promoted[-1].at.isoformat(timespec='minutes')}. Give a version the alias 'champion' again in MLflow."
        )
    return champion


def score(onnx: bytes, frame: pd.DataFrame) -> np.ndarray:
    """Return what an ONNX model says of each row."""
    from ml_platform.training.export import OnnxModel

    return OnnxModel.from_bytes(onnx).predict(frame)
