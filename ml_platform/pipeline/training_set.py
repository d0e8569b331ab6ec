"""The training set of a partition: which rows of its window a model is trained on, chosen by, and tested on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.pipeline.labels import describe_labels
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import stored_table
from ml_platform.pipeline.training_rows import (
    PARTS,
    LabelledRows,
    current_window,
    read_labelled_rows,
    read_split,
    split_rows,
    training_set_inputs,
)
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores
from ml_platform.training.split import Split


@dataclass(frozen=True)
class Part:
    """The rows of one part of a training set."""

    n_rows: int
    outcomes: str
    """Their labels in words."""
    first: str = ""
    """Earliest event time in ISO format; empty for an entity without time."""
    last: str = ""


@dataclass(frozen=True)
class TrainingSet:
    """A stored training set: key, part and position in the window of each row."""

    manifest: Manifest
    parts: Mapping[str, Part]
    left_out: str
    """How many rows have no outcome yet; empty when it is known of all."""
    kept: bool


def fix_training_set(model: Model, stores: Stores, partition: str | None, run: RunContext) -> TrainingSet:
    """Split the training window that ends with a partition, and store which row is in which part."""
    window = current_window(model, stores, partition, run)
    rows = read_labelled_rows(model, stores, window)
    if left_out := rows.describe_unknown():
        run.log(left_out)
    stored = stored_table(
        stores,
        model.artifact("training_set", partition),
        training_set_inputs(model, window),
        lambda: _table(model, rows, split_rows(model, rows)),
        run,
    )
    split = read_split(stored.frame)
    parts = {part: _describe(model, rows, getattr(split, part)) for part in PARTS}
    return TrainingSet(stored.manifest, parts, left_out, stored.kept)


def _table(model: Model, rows: LabelledRows, split: Split) -> pd.DataFrame:
    """Return a line per row: its key, its part, and its position in the window, in the order of the split."""
    positions = [getattr(split, part) for part in PARTS]
    keys = rows.frame[list(model.spec.entity.key)].iloc[np.concatenate(positions)].reset_index(drop=True)
    part = np.repeat(PARTS, [len(rows) for rows in positions])
    return keys.assign(part=part, position=np.concatenate(positions).astype(np.int64))


def _describe(model: Model, rows: LabelledRows, positions: NDArray[Any]) -> Part:
    outcomes = describe_labels(model.output, rows.labels[positions])
    if "event_time" not in rows.frame:
        return Part(len(positions), outcomes)
    times = rows.frame["event_time"].iloc[positions]
    return Part(len(positions), outcomes, times.min().isoformat(), times.max().isoformat())
