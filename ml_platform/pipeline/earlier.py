"""Earlier partitions that a partition needs, and that have to be made first, oldest first."""

from ml_platform.pipeline.freshness import holes, require_fresh, valid_rows
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def lookback_to_divide(model: Model, stores: Stores, partition: str | None, run: RunContext) -> list[str]:
    """Return the partitions that rolling aggregates read and whose valid rows are missing or stale."""
    return _to_divide(model, stores, model.spec.lookback_partitions(partition), run)


def window_to_divide(model: Model, stores: Stores, partition: str | None, run: RunContext) -> list[str]:
    """Return the earlier partitions of a training window whose valid rows are missing or stale."""
    return _to_divide(model, stores, _before(model, partition), run)


def window_to_make(model: Model, stores: Stores, partition: str | None, run: RunContext) -> list[str]:
    """Return the earlier partitions of a training window whose features or labels are missing or stale."""

    def require(key: str) -> None:
        for asset in ("features", "labels"):
            require_fresh(model, stores, asset, key, run)

    return list(holes(_before(model, partition), require))


def _before(model: Model, partition: str | None) -> list[str]:
    return [key for key in model.window(partition)[:-1] if key is not None]


def _to_divide(model: Model, stores: Stores, keys: list[str], run: RunContext) -> list[str]:
    return list(holes(keys, lambda key: valid_rows(model, stores, model.spec.entity.table, key, run)))
