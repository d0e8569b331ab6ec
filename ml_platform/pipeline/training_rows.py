"""The rows that a model as of a partition is trained on and measured with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.errors import DataError
from ml_platform.pipeline.freshness import require_window
from ml_platform.pipeline.model import Model
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ml_platform.training.split import Split


@dataclass(frozen=True)
class TrainingRows:
    """Labelled rows of a training window, in the order of their partitions."""

    frame: pd.DataFrame
    """Key, features and, where the entity has a time, event_time and prediction_time."""
    labels: np.ndarray
    """0 or 1, the code of the class, or the number, of each row."""
    split: Split
    unknown: pd.DataFrame
    """The rows whose outcome is not known, with the columns of `frame`."""
    versions: Mapping[str, str]
    """Version of each partition of the features and of the labels."""


def load_training_rows(model: Model, stores: Stores, partition: str | None) -> TrainingRows:
    """Read the window that ends with a partition, and part it as the model's YAML says.

    Raises
    ------
    UncheckedData
        When a partition of the window is missing or may not be trusted.
    DataError
        When features and labels are not of the same rows, or there are too few of them.
    """
    window = {asset: require_window(model, stores, asset, partition) for asset in ("features", "labels")}
    return read_training_rows(model, stores, window)


def read_training_rows(
    model: Model, stores: Stores, window: Mapping[str, Mapping[str | None, Manifest]]
) -> TrainingRows:
    """Read the stated versions of features and labels, current or older, and part them as the model's YAML says.

    Raises
    ------
    DataError
        When a version is damaged or gone, features and labels are not of the same rows, or there are too few of them.
    """
    import pandas as pd

    versions: dict[str, str] = {}
    parts: dict[str, list[pd.DataFrame]] = {"features": [], "labels": []}
    for asset, frames in parts.items():
        for key, manifest in window[asset].items():
            artifact = model.artifact(asset, key)
            frames.append(stores.tables.read_version(artifact, manifest))
            versions[str(artifact)] = manifest.version
    frame = pd.concat(parts["features"], ignore_index=True)
    labels = pd.concat(parts["labels"], ignore_index=True)
    key_columns = list(model.spec.entity.key)
    if not frame[key_columns].equals(labels[key_columns]):
        raise DataError(f"features and labels of '{model.name}' are not of the same rows: {', '.join(versions)}")
    known = labels["label"].notna().to_numpy()
    unknown, frame = frame[~known].reset_index(drop=True), frame[known].reset_index(drop=True)
    split = _split(model, frame)
    values = labels.loc[known, "label"].to_numpy()
    if names := model.output.class_names:
        from ml_platform.training.split import validate_every_class

        values = values.astype(int)
        validate_every_class(values, split, names)
    return TrainingRows(frame, values, split, unknown, versions)


def _split(model: Model, frame: pd.DataFrame) -> Split:
    from ml_platform.training.split import split_by_key, split_in_time

    settings, key = model.spec.training, frame[list(model.spec.entity.key)]
    if model.spec.split_by == "key_hash":
        of_group = frame[list(model.spec.split_key)]
        return split_by_key(of_group, validation_share=settings.validation_share, test_share=settings.test_share)
    return split_in_time(
        frame["event_time"],
        key,
        validation_share=settings.validation_share,
        test_share=settings.test_share,
        seed=settings.seed,
    )
