"""Unseen rows: the tags of a version that say what it was trained on, and the rows that it was not trained on."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.training_rows import TrainingRows
from ml_platform.training.split import key_places

TRAINED_BEFORE = "trained_before"
"""Tag of a model version: every row that it learned from is before this instant."""

HELD_OUT = "held_out"
"""Tag of a model version that was split by key: the key columns, and up to which place rows were kept for its test."""

RESOLUTION = timedelta(microseconds=1)
"""Between two instants, as they are stored."""


def training_tags(model: Model, partition: str | None, rows: TrainingRows) -> dict[str, str]:
    """Return the tags of a version that is trained on these rows.

    Of a partitioned model every row of the window counts as seen, the test too. Without partitions the test rows are
    all that a next version could be compared on: those after the last one learned from, or held out by their key.
    """
    held_out = {"key": list(model.spec.split_key), "below": model.spec.training.test_share}
    end = model.ends_at(partition) or _after_the_last_learned(rows)
    return {
        TRAINED_BEFORE: end.isoformat() if end else "",
        HELD_OUT: json.dumps(held_out) if model.spec.split_by == "key_hash" else "",
    }


def unseen_rows(tags: Mapping[str, str], frame: pd.DataFrame) -> NDArray[Any]:
    """Return, for each row, whether a version with these tags can be shown not to have learned from it.

    The frame has at least the key columns, and ``event_time`` where the entity has a time.
    """
    unseen = np.zeros(len(frame), dtype=bool)
    if (before := tags.get(TRAINED_BEFORE)) and "event_time" in frame:
        unseen |= (frame["event_time"] >= pd.Timestamp(datetime.fromisoformat(before))).to_numpy()
    if held_out := tags.get(HELD_OUT):
        kept = json.loads(held_out)
        if set(kept["key"]) <= set(frame):
            unseen |= key_places(frame[kept["key"]]) < kept["below"]
    return unseen


def _after_the_last_learned(rows: TrainingRows) -> datetime | None:
    if "event_time" not in rows.frame:
        return None
    learned = rows.frame["event_time"].iloc[np.concatenate([rows.split.train, rows.split.validation])]
    last: datetime = learned.max().to_pydatetime()
    return last + RESOLUTION
