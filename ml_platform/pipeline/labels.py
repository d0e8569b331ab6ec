"""A partition's labels: what really happened, missing while that is unknown."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.features.labels import build_labels
from ml_platform.pipeline.freshness import label_inputs
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredTable, stored_table
from ml_platform.stores.stores import Stores
from ml_platform.task import BINARY, REGRESSION, Output


def make_labels(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredTable:
    """Make a partition's labels from valid rows, which must be fresh."""
    inputs, make = label_inputs(model, stores, partition, run), partial(_build, model, stores, partition)
    return stored_table(stores, model.artifact("labels", partition), inputs, make, run)


def _build(model: Model, stores: Stores, partition: str | None) -> pd.DataFrame:
    entity = model.spec.entity
    rows = stores.tables.read(model.table_artifact("valid", entity.table, partition))
    return build_labels(rows, entity=entity, target=model.target, timezone=model.timezone)


def describe_labels(output: Output, labels: NDArray[Any]) -> str:
    """Return known labels in words: the share of each class, or minimum, median and maximum of the numbers."""
    if not len(labels):
        return "none"
    if output.task == REGRESSION:
        return " … ".join(f"{float(np.quantile(labels, share)):,.4g}" for share in (0, 0.5, 1))
    shares = np.bincount(labels.astype(int), minlength=len(output.class_names)) / len(labels)
    if output.task == BINARY:
        return f"{shares[1]:.1%} positive"
    return ", ".join(f"{name} {share:.1%}" for name, share in zip(output.class_names, shares, strict=True))
