"""ESTIMATORS: what a model can be trained with. An entry's keyword arguments are the options that YAML may give.

The table is read with the YAML, so an entry imports its library itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from ml_platform.task import Task

Categories = Literal["one_hot", "ordinal"]

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]

CLASSIFICATION: frozenset[Task] = frozenset({"binary", "multiclass"})
EVERY_TASK: frozenset[Task] = frozenset({"binary", "multiclass", "regression"})


@dataclass(frozen=True)
class Estimator:
    """One way to learn."""

    build: Callable[..., Any]
    """``build(task, seed, **options)`` returns an unfitted scikit-learn estimator."""
    categories: Categories
    """How categories are encoded: ``one_hot``, or ``ordinal`` for trees, which find their own groups. Equal AUC on both
    reference models, and several times as fast: a category is one column instead of a hundred."""
    takes_missing: bool = False
    """Whether it learns from missing numbers itself."""
    scaled: bool = False
    """Whether numbers are scaled to mean 0 and variance 1 first."""
    tasks: frozenset[Task] = EVERY_TASK
    """What it can learn."""


def logistic_regression(task: Task, seed: int, *, C: Positive = 1.0, max_iter: Count = 1000) -> Any:
    """Return a linear model of the log odds; `C` is the inverse strength of its L2 penalty."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=C, max_iter=max_iter, random_state=seed)


def ridge(task: Task, seed: int, *, alpha: NotNegative = 1.0) -> Any:
    """Return a linear model of the target; `alpha` is the strength of its L2 penalty."""
    from sklearn.linear_model import Ridge

    return Ridge(alpha=alpha, random_state=seed)


def hist_gradient_boosting(
    task: Task,
    seed: int,
    *,
    learning_rate: Positive = 0.1,
    max_iter: Count = 100,
    max_leaf_nodes: Annotated[int, Field(ge=2)] = 31,
    min_samples_leaf: Count = 20,
    l2_regularization: NotNegative = 0.0,
) -> Any:
    """Return gradient-boosted trees on binned features (Ke et al. 2017), for a fixed number of iterations."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    return kind(
        learning_rate=learning_rate,
        max_iter=max_iter,
        max_leaf_nodes=max_leaf_nodes,
        min_samples_leaf=min_samples_leaf,
        l2_regularization=l2_regularization,
        early_stopping=False,
        random_state=seed,
    )


def random_forest(
    task: Task, seed: int, *, n_estimators: Count = 100, max_depth: Count | None = 12, min_samples_leaf: Count = 5
) -> Any:
    """Return the mean of trees on bootstrap samples (Breiman 2001)."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestRegressor if task == "regression" else RandomForestClassifier
    return kind(n_estimators=n_estimators, max_depth=max_depth, min_samples_leaf=min_samples_leaf, random_state=seed)


ESTIMATORS: dict[str, Estimator] = {
    "logistic_regression": Estimator(logistic_regression, "one_hot", scaled=True, tasks=CLASSIFICATION),
    "ridge": Estimator(ridge, "one_hot", scaled=True, tasks=frozenset({"regression"})),
    "hist_gradient_boosting": Estimator(hist_gradient_boosting, "ordinal", takes_missing=True),
    "random_forest": Estimator(random_forest, "ordinal"),
}
