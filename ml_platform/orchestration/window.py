"""The rows that a model as of a partition is trained on and measured with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.orchestration.model import Model
from ml_platform.orchestration.trust import require_window
from ml_platform.stores.slot import Manifest
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ml_platform.training.split import Split


@dataclass(frozen=True)
class TrainingRows:
    """Labelled rows of a training window, in the order of their partitions."""

    frame: pd.DataFrame
    """Key, event_time, prediction_time and features."""
    labels: np.ndarray
    """0 or 1 for each row."""
    split: Split
    versions: Mapping[str, str]
    """Version of each partition of the features and of the labels."""


def load_training_rows(model: Model, stores: Stores, partition: str | None) -> TrainingRows:
    """Read the window that ends with a partition, and split it in time order.

    Raises
    ------
    UncheckedData
        When a partition of the window is missing or may not be trusted.
    DataError
        When features and labels are not of the same rows.
    """
    window = {leaf: require_window(model, stores, leaf, partition) for leaf in ("features", "labels")}
    return read_training_rows(model, stores, window)


def read_training_rows(
    model: Model, stores: Stores, window: Mapping[str, Mapping[str | None, Manifest]]
) -> TrainingRows:
    """Read the stated versions of features and labels, current or older, and split them in time order.

    Raises
    ------
    DataError
        When a version is damaged or gone, or features and labels are not of the same rows.
    """
    import pandas as pd

    from ml_platform.training.split import split_in_time

    versions: dict[str, str] = {}
    parts: dict[str, list[pd.DataFrame]] = {"features": [], "labels": []}
    for leaf, frames in parts.items():
        for key, manifest in window[leaf].items():
            slot = model.slot(leaf, key)
            frames.append(stores.tables.read_version(slot, manifest))
            versions[str(slot)] = manifest.version
    frame = pd.concat(parts["features"], ignore_index=True)
    labels = pd.concat(parts["labels"], ignore_index=True)
    key_columns = list(model.spec.entity.key)
    if not frame[key_columns].equals(labels[key_columns]):
        raise DataError(f"features and labels of '{model.name}' are not of the same rows: {', '.join(versions)}")
    known = labels["label"].notna().to_numpy()
    frame = frame[known].reset_index(drop=True)
    settings = model.spec.training
    split = split_in_time(
        frame["event_time"],
        frame[key_columns],
        validation_share=settings.validation_share,
        test_share=settings.test_share,
        seed=settings.seed,
    )
    return TrainingRows(frame, labels.loc[known, "label"].to_numpy().astype(int), split, versions)
