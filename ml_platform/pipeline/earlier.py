"""Earlier partitions that a partition needs, and that can be made because their raw files are there."""

from collections.abc import Callable, Iterable

from ml_platform.errors import NotStored, UncheckedData
from ml_platform.pipeline.freshness import require_fresh, valid_rows
from ml_platform.pipeline.model import Model
from ml_platform.stores.stores import Stores


def lookback_to_fill(model: Model, stores: Stores, partition: str | None) -> list[str]:
    """Return the partitions that rolling aggregates read and whose valid rows are missing or stale, oldest first."""
    entity = model.spec.entity.table
    return _to_fill(
        model, stores, model.spec.lookback_partitions(partition), lambda key: valid_rows(model, stores, entity, key)
    )


def window_to_fill(model: Model, stores: Stores, partition: str | None) -> list[str]:
    """Return the earlier partitions of a training window with missing or stale features or labels, oldest first."""
    return _to_fill(
        model,
        stores,
        [key for key in model.window(partition)[:-1] if key is not None],
        lambda key: [require_fresh(model, stores, asset, key) for asset in ("features", "labels")],
    )


def _to_fill(model: Model, stores: Stores, keys: Iterable[str], require: Callable[[str], object]) -> list[str]:
    there = set(stores.raw.partitions(model.spec.entity.table))
    return [key for key in keys if key in there and _is_hole(require, key)]


def _is_hole(require: Callable[[str], object], key: str) -> bool:
    try:
        require(key)
    except (NotStored, UncheckedData):
        return True
    return False
