"""The models of an exploration: they judge the data and are never kept."""

from collections.abc import Callable
from typing import Any, TypeVar

from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDS = 5


def in_one_thread(function: Function) -> Function:
    """Return the function so that it computes in one thread, and its result does not depend on the machine's cores.

    It is also faster where the cores are busy: OpenMP threads wait for one another, and seconds became minutes.
    """
    limited: Function = threadpool_limits.wrap(limits=1)(function)
    return limited


def trees(seed: int, *, numbers: bool = False) -> Any:
    """Return gradient-boosted trees, unfitted: of classes, or of numbers."""
    kind = HistGradientBoostingRegressor if numbers else HistGradientBoostingClassifier
    return kind(max_iter=50, max_leaf_nodes=15, early_stopping=False, random_state=seed)
