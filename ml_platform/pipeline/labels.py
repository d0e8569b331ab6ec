"""A partition's labels: what really happened, missing while that is unknown."""

from functools import partial

import pandas as pd

from ml_platform.features.labels import build_labels
from ml_platform.pipeline.freshness import label_inputs
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredTable, stored_table
from ml_platform.stores.stores import Stores


def make_labels(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredTable:
    """Make a partition's labels from valid rows.

    Raises
    ------
    NotStored, UncheckedData
        When the table that they are made from is missing or stale.
    """
    inputs = label_inputs(model, stores, partition)
    return stored_table(
        stores, model.artifact("labels", partition), inputs, partial(_build, model, stores, partition), run
    )


def _build(model: Model, stores: Stores, partition: str | None) -> pd.DataFrame:
    entity = model.spec.entity
    rows = stores.tables.read(model.table_artifact("valid", entity.table, partition))
    return build_labels(rows, entity=entity, target=model.target, timezone=model.timezone)
