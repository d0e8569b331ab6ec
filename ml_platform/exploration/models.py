"""The models of an exploration: they judge the data and are never kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDS = 5


def in_one_thread(function: Function) -> Function:
    """Return the function so that it computes in one thread.

    Its result then does not depend on the machine's cores; and OpenMP threads that share their cores with other work
    wait for one another: what takes seconds in one took minutes in two.
    """

    @wraps(function)
    def limited(*args: Any, **kwargs: Any) -> Any:
        with threadpool_limits(limits=1):
            return function(*args, **kwargs)

    return limited  # type: ignore[return-value]


def trees(seed: int, *, numbers: bool = False) -> Any:
    """Return gradient-boosted trees, unfitted: of classes, or of numbers."""
    kind = HistGradientBoostingRegressor if numbers else HistGradientBoostingClassifier
    return kind(max_iter=50, max_leaf_nodes=15, early_stopping=False, random_state=seed)
