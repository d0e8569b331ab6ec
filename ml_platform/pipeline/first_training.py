"""What a model without a champion is trained on first."""

from dataclasses import dataclass
from datetime import datetime

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import breaks_contract, files_version, has_files, raw_partitions
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class FirstTraining:
    """A partition to train the first model as of."""

    partition: str | None
    state: str
    """Version of the files that it is made from: a training that failed on them need not be repeated for ever."""


def first_training(model: Model, stores: Stores, now: datetime) -> FirstTraining | None:
    """Return the newest partition whose training window has all its files, none of them known to break its contract.

    None is returned when there is no such partition yet.
    """
    for key in reversed(raw_partitions(model, stores, now)):
        needed = _needed(model, key)
        if all(has_files(model, stores, one) and not breaks_contract(model, stores, one) for one in needed):
            return FirstTraining(key, files_version(model, stores, needed))
    return None


def _needed(model: Model, key: str | None) -> list[str | None]:
    """Return the training window of a partition, behind what the rolling aggregates of its first partition read."""
    window = model.window(key)
    return [*model.spec.lookback_partitions(window[0]), *window]
