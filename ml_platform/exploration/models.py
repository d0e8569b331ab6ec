"""The models of an exploration: they judge the data and are never kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

FOLDS = 5


def in_one_thread(function: Function) -> Function:
    """Return the function so that it computes in one thread.

    Its result then does not depend on the machine's cores; and OpenMP threads that share their cores with other work
    wait for one another: what takes seconds in one took minutes in two.
    """

    @wraps(function)
    def limited(*args: Any, **kwargs: Any) -> Any:
        import sklearn.ensemble  # noqa: F401 - first: only libraries that are loaded already are limited
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):
            return function(*args, **kwargs)

    return limited  # type: ignore[return-value]


def trees(seed: int, *, numbers: bool = False) -> Any:
    """Return gradient-boosted trees, unfitted: of classes, or of numbers."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if numbers else HistGradientBoostingClassifier
    return kind(max_iter=50, max_leaf_nodes=15, early_stopping=False, random_state=seed)


def small_tree(seed: int) -> Any:
    """Return one tree for one feature, unfitted."""
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_leaf_nodes=16, min_samples_leaf=20, random_state=seed)
