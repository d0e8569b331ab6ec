"""The labelled rows of a training window, in train, validation and test rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import DataError, UncheckedData
from ml_platform.pipeline.freshness import require_window
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.stores import Stores
from ml_platform.training.split import Split, split_by_key, split_in_time, validate_every_class

PARTS = ("train", "validation", "test")

Window = Mapping[str, Mapping[str | None, Manifest]]
"""Manifest of each partition of ``features`` and of ``labels``."""


@dataclass(frozen=True)
class LabelledRows:
    """The rows of a training window, in the order of their partitions."""

    frame: pd.DataFrame
    """Key, features and, where the entity has a time, event_time and prediction_time."""
    labels: NDArray[Any]
    """0 or 1, the code of the class, or the number, of each row."""
    unknown: pd.DataFrame
    """The rows without a label yet, with the columns of `frame`."""
    versions: Mapping[str, str]
    """Version of each partition of the features and of the labels."""
    unlabelled: tuple[str, ...]
    """Partitions in which no row has a label yet."""

    def describe_unknown(self) -> str:
        """Say how many rows are left out because their outcome is not known yet; empty when it is known of all."""
        if not len(self.unknown):
            return ""
        n_rows = len(self.unknown) + len(self.frame)
        said = f"{len(self.unknown):,} of {n_rows:,} rows have no outcome yet and are left out"
        return f"{said}; none has one in {', '.join(self.unlabelled)}" if self.unlabelled else said


@dataclass(frozen=True)
class TrainingRows(LabelledRows):
    """Labelled rows, and which of them are train, validation and test rows."""

    split: Split

    @property
    def parts(self) -> dict[str, NDArray[Any]]:
        """The positions of the rows of each part."""
        return {part: getattr(self.split, part) for part in PARTS}


def current_window(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Window:
    """Return the features and labels of the training window that ends with a partition; raises as `require_window`."""
    return {asset: require_window(model, stores, asset, partition, run) for asset in ("features", "labels")}


def window_versions(window: Window) -> dict[str, str]:
    """Return the version of each artifact of a window."""
    return {made.artifact: made.version for manifests in window.values() for made in manifests.values()}


def training_set_inputs(model: Model, window: Window) -> dict[str, str]:
    """Return what decides which rows of a window are in which part."""
    spec, settings = model.spec, model.spec.training
    split = [spec.split_by, spec.split_key, settings.validation_share, settings.test_share, settings.seed]
    return {"split": digest(to_json(split)), **window_versions(window)}


def load_training_rows(model: Model, stores: Stores, partition: str | None, run: RunContext) -> TrainingRows:
    """Return the rows of the stored training set of a partition.

    UncheckedData is raised when the training set, or a partition of its window, is missing or stale.
    """
    artifact = model.artifact("training_set", partition)
    window = current_window(model, stores, partition, run)
    manifest = stores.tables.require(artifact)
    if manifest.inputs != training_set_inputs(model, window):
        raise UncheckedData(
            f"{artifact} was made from older features or labels, or is split in another way than the YAML says. "
            f"{make(artifact)}"
        )
    rows = read_labelled_rows(model, stores, window)
    return TrainingRows(**vars(rows), split=read_split(stores.tables.read_version(manifest)))


def read_split(table: pd.DataFrame) -> Split:
    """Return the split that a stored training set holds."""
    positions = {part: table.loc[table["part"] == part, "position"].to_numpy() for part in PARTS}
    return Split(**positions, shared_instants=False)


def split_rows(model: Model, rows: LabelledRows) -> Split:
    """Split the rows of a window as the model's YAML says; too few rows, or a part without a class, are a DataError."""
    settings, frame = model.spec.training, rows.frame
    if not len(frame):
        of = f" in {', '.join(rows.unlabelled)}" if rows.unlabelled else ""
        raise DataError(
            f"No row of '{model.name}'{of} has an outcome yet, so there is nothing to train on. Deliver the outcomes: "
            f"ml-platform add {model.name} --from FILE"
        )
    shares = {"validation_share": settings.validation_share, "test_share": settings.test_share}
    if model.spec.split_by == "key_hash":
        split = split_by_key(frame[list(model.spec.split_key)], **shares)
    else:
        key = frame[list(model.spec.entity.key)]
        split = split_in_time(frame["event_time"], key, seed=settings.seed, **shares)
    if names := model.output.class_names:
        validate_every_class(rows.labels, split, names)
    return split


def read_labelled_rows(model: Model, stores: Stores, window: Window) -> LabelledRows:
    """Read the stated versions of features and labels, current or older.

    DataError is raised for a version that is damaged or gone, and for features and labels of other rows.
    """
    tables = {
        asset: pd.concat([stores.tables.read_version(manifest) for manifest in manifests.values()], ignore_index=True)
        for asset, manifests in window.items()
    }
    frame, labels, versions = tables["features"], tables["labels"], window_versions(window)
    key = list(model.spec.entity.key)
    if not frame[key].equals(labels[key]):
        raise DataError(f"features and labels of '{model.name}' are not of the same rows: {', '.join(versions)}")
    known = labels["label"].notna().to_numpy()
    unlabelled = _unlabelled(window["labels"], known)
    values = labels.loc[known, "label"].to_numpy()
    return LabelledRows(
        frame=frame[known].reset_index(drop=True),
        labels=values.astype(int) if model.output.class_names else values,
        unknown=frame[~known].reset_index(drop=True),
        versions=versions,
        unlabelled=unlabelled,
    )


def _unlabelled(labels: Mapping[str | None, Manifest], known: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the partitions that have rows, none of which has a label; `known` is of all their rows, in order."""
    ends = np.cumsum([manifest.n_rows or 0 for manifest in labels.values()])
    parts = zip(labels, np.split(known, ends[:-1]), strict=True)
    return tuple(key for key, part in parts if key is not None and len(part) and not part.any())
