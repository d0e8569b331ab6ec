"""Raw files that a job needs, and that are not there: what nobody has to work for a minute to find out."""

from ml_platform.pipeline.model import Model
from ml_platform.stores.stores import Stores

OF_THE_WINDOW = ("train", "explore")
"""Verbs that read the whole training window."""

TableFile = tuple[str, str | None]
"""Table and partition of a raw file."""


def missing_files(model: Model, stores: Stores, verb: str, partition: str | None) -> list[TableFile]:
    """Return the raw files that do not exist of those that a verb reads, in the order of the tables.

    These are the files of its partitions, and those that their rolling aggregates look back on.
    """
    keys = model.window(partition) if verb in OF_THE_WINDOW else [partition]
    read = sorted({*keys, *(back for key in keys for back in model.spec.lookback_partitions(key))}, key=str)
    files = dict.fromkeys((table, model.spec.partition_of(table, key)) for table in model.spec.tables for key in read)
    return [file for file in files if not stores.raw.exists(*file)]
