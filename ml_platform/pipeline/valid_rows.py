"""A raw file's valid rows, and those that go to quarantine."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from ml_platform.contract import Contract
from ml_platform.contract.result import REASONS, readmitted, split
from ml_platform.errors import DataError, NotStored
from ml_platform.frames import to_frame
from ml_platform.pipeline.freshness import passed_validation
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredTable, stored_table
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class DividedTable:
    """A table's valid and quarantined rows."""

    valid: StoredTable
    quarantined: StoredTable
    n_readmitted: int
    """Valid rows that were in quarantine before."""

    @property
    def quarantined_share(self) -> float:
        """Share of the rows that are in quarantine, 0 to 1."""
        n_quarantined = len(self.quarantined.frame)
        return n_quarantined / max(len(self.valid.frame) + n_quarantined, 1)


def divide_rows(model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str) -> DividedTable:
    """Divide a table whose contract has passed for its current file into valid and quarantined rows."""
    validation = passed_validation(model, stores, table, partition)
    before = _quarantined_before(model, stores, partition, table)

    @cache
    def divided() -> tuple[pd.DataFrame, pd.DataFrame]:
        rejected = stores.tables.read(model.table_artifact("rejected", table, partition))
        rows = stores.raw.load(table, model.spec.partition_of(table, partition))
        return split_rows(model.contracts[table], rows, rejected)

    def stored(stage: str, part: int) -> StoredTable:
        artifact = model.table_artifact(stage, table, partition)
        relies_on = {validation.artifact: validation.version}
        return stored_table(stores, artifact, validation.inputs, lambda: divided()[part], run, relies_on=relies_on)

    valid, quarantined = stored("valid", 0), stored("quarantine", 1)
    n_readmitted = len(readmitted(before, valid.frame, model.contracts[table].key))
    run.log(
        f"{table}: {len(valid.frame):,} rows valid, {n_readmitted:,} of them readmitted, "
        f"{len(quarantined.frame):,} quarantined"
    )
    return DividedTable(valid, quarantined, n_readmitted)


def split_rows(contract: Contract, rows: pa.Table, rejected: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the valid and the quarantined rows, in the types of the contract where no value is altered by that."""
    from ml_platform.contract.validation.casts import cast_rows

    is_rejected = np.zeros(len(rows), dtype=bool)
    is_rejected[rejected["row"].to_numpy()] = True

    def cast(frame: pd.DataFrame, part: pa.Table) -> pd.DataFrame:
        typed = cast_rows(contract, part)
        return frame if typed is part else to_frame(typed).assign(**frame.filter([REASONS]))

    valid, quarantined = split(to_frame(rows), rejected)
    return cast(valid, rows.filter(~is_rejected)), cast(quarantined, rows.filter(is_rejected))


def _quarantined_before(model: Model, stores: Stores, partition: str | None, table: str) -> pd.DataFrame | None:
    artifact = model.table_artifact("quarantine", table, partition)
    try:
        return stores.tables.read(artifact)
    except (NotStored, DataError):  # damaged, it is made again now
        return None
