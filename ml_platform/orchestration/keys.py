"""A model's asset keys and partitions, in Dagster's form."""

from functools import cache

import dagster as dg

from ml_platform.errors import WrongCall
from ml_platform.partitions import Partitions
from ml_platform.pipeline.model import Model

CRON: dict[str, str] = {"day": "0 0 * * *", "week": "0 0 * * 1", "month": "0 0 1 * *", "year": "0 0 1 1 *"}


def asset_key(model: Model, asset: str) -> dg.AssetKey:
    """Return ``[<model>, <asset>]``."""
    return dg.AssetKey([model.name, asset])


def partitions_def(model: Model) -> dg.TimeWindowPartitionsDefinition | None:
    """Return a model's partitions, or None."""
    return to_dagster(model.spec.partitions) if model.spec.partitions else None


@cache
def to_dagster(partitions: Partitions) -> dg.TimeWindowPartitionsDefinition:
    """Return the same windows as a Dagster partitions definition."""
    return dg.TimeWindowPartitionsDefinition(
        start=partitions.start,
        end=partitions.end,
        fmt=partitions.key_format,
        cron_schedule=CRON[partitions.every],
        timezone=partitions.timezone,
    )


def validate_partition(what: str, partitions: dg.PartitionsDefinition[str] | None, partition: str | None) -> None:
    """Reject a partition that something does not have, and a call without one where it has some."""
    if partitions is None:
        if partition is not None:
            raise WrongCall(f"{what} has no partitions. Run: ml-platform run {what}")
        return
    first, last = partitions.get_first_partition_key(), partitions.get_last_partition_key()
    if partition is None:
        raise WrongCall(f"{what} needs a partition, {first} … {last}. Run: ml-platform run {what} --partition {last}")
    if not partitions.has_partition_key(partition):
        ends = isinstance(partitions, dg.TimeWindowPartitionsDefinition) and partitions.end is not None
        hint = " For later ones, remove partitions.end from defs.yaml." if ends else ""
        raise WrongCall(f"{what} has no partition '{partition}', only {first} … {last}.{hint}")
