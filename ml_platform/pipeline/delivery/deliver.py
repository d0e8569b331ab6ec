"""Deliver a file: every partition that it touches is validated as it will be, and then all of them are stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import polars as pl

from ml_platform.contract import ValidationResult
from ml_platform.contract.validation import validate
from ml_platform.errors import DataError
from ml_platform.features.keys import event_times
from ml_platform.frames import to_frame
from ml_platform.pipeline.delivery.match import Merged
from ml_platform.pipeline.delivery.plan import Plan
from ml_platform.pipeline.delivery.read import read_delivery
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.validation import end_or_now
from ml_platform.stores.files import locked
from ml_platform.stores.stores import Stores

ROW_COUNT = "row_count"
"""The check that the newest partition need not pass while rows may follow."""
REACHES = 0.9
"""Share of a partition's time after which its last row is, where the delivery does not end within it."""


@dataclass(frozen=True)
class DeliveredPartition:
    """What a delivery has made of a partition."""

    partition: str | None
    merged: Merged
    result: ValidationResult | None
    """None where nothing has changed."""
    is_over: bool
    rows_follow: bool
    """Whether it is the newest partition, and ends before its time does: the next file may hold the rest."""

    @property
    def broken(self) -> str:
        """Why the delivery is not stored, in the words of the checks; too few rows are no reason while rows follow."""
        failures = self.result.failures if self.result else ()
        return "; ".join(one.message for one in failures if not (self.rows_follow and one.check == ROW_COUNT))

    @property
    def waits(self) -> bool:
        """Whether it is not to be scored yet."""
        return not self.is_over or bool(self.result and self.result.failures)

    def __str__(self) -> str:
        key, merged = self.partition or "the table", self.merged
        if self.broken:
            return f"{key}: {self.broken}"
        if self.result is None:
            return f"{key}: nothing new"
        counts = {"new": merged.n_new, "corrected": merged.n_corrected, "removed": merged.n_removed}
        said = ", ".join(f"{n:,} {what}" for what, n in counts.items() if n)
        kept = f"{len(self.result.warnings)} warnings" if self.result.warnings else "the contract is kept"
        kept = "it is scored when its other rows are there" if self.waits else kept
        quarantined = f", {self.result.n_quarantined:,} rows to quarantine" if self.result.n_quarantined else ""
        return f"{key}: {said} of {len(merged.rows):,} rows; {kept}{quarantined}"


def deliver(
    model: Model,
    stores: Stores,
    stated: Path,
    now: datetime,
    *,
    replace: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> list[DeliveredPartition]:
    """Store the rows of a file, of a folder's files, or of those that match a pattern, and return what has changed.

    Parameters
    ----------
    replace
        Whether the delivery is all that its partitions hold: other rows of them are removed.
    tell
        Is called with a line about each partition, whether it is stored or not.

    Raises
    ------
    DataError, NotStored
        When the delivery cannot be read, or leaves a partition that breaks its contract; nothing has been stored then.
    """
    lock = stores.installation.data / f"{model.spec.entity.table}.delivery.lock"
    with locked(lock):  # each delivery is matched with what the one before has stored
        plan = Plan(model, stores, read_delivery(model, stated), replace)
        parts = [_validated(plan, key, merged, now) for key, merged in plan.partitions().items()]
        for part in parts:
            tell(str(part))
        if broken := [part.partition or "the table" for part in parts if part.broken]:
            raise DataError(f"{stated}: nothing is stored, since the contract would be broken in {', '.join(broken)}")
        for part in parts:
            if part.result is not None:
                stores.raw.write(model.spec.entity.table, part.partition, part.merged.rows)
    return parts


def _validated(plan: Plan, partition: str | None, merged: Merged, now: datetime) -> DeliveredPartition:
    """Validate a partition as the delivery leaves it."""
    model, end = plan.model, plan.model.ends_at(partition)
    is_over, rows_follow = end is None or end <= now, _rows_follow(plan, partition, merged)
    if not merged.is_changed:
        return DeliveredPartition(partition, merged, None, is_over, rows_follow)
    table = model.spec.entity.table
    contract = model.contracts[table]
    result = validate(
        contract,
        pl.DataFrame(pl.from_arrow(merged.rows)).lazy(),
        file=f"{plan.delivered.where} ({partition})" if partition else plan.delivered.where,
        window=model.contract_window(table, partition),
        references={other: plan.stores.raw.scan(other, None) for other in contract.referenced_tables},
        now=end_or_now(end, now),
    )
    return DeliveredPartition(partition, merged, result, is_over, rows_follow)


def _rows_follow(plan: Plan, partition: str | None, merged: Merged) -> bool:
    """Return whether the next file may hold the rest of a partition."""
    partitions, entity = plan.model.spec.partitions, plan.model.spec.entity
    if partitions is None or partition is None or max(plan.stores.raw.partitions(entity.table), default="") > partition:
        return False
    times = event_times(to_frame(merged.rows.select([str(entity.time)])), entity, plan.model.timezone)
    start, end = partitions.starts_at(partition), partitions.ends_at(partition)
    return bool(times.max() < pd.Timestamp(start + REACHES * (end - start)))
