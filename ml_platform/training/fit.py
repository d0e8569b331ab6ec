"""The candidate: every estimator is fitted on the train rows, and the best on the validation rows is taken."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from ml_platform.errors import DataError
from ml_platform.task import BINARY, REGRESSION, Task
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.imbalance import IMBALANCE, restore_priors
from ml_platform.training.model_input import as_model_input
from ml_platform.training.pipeline import build_pipeline
from ml_platform.training.settings import TrainingSettings
from ml_platform.training.split import Split

one_thread = partial(threadpool_limits, limits=1)
"""A context in which BLAS and OpenMP use one thread, so that results do not depend on the number of cores. It is also
safer: gradient boosting took from 2 to 40 s in two OpenMP threads on two busy cores."""


@dataclass(frozen=True)
class Candidate:
    """The best fitted pipeline, and how it was chosen."""

    estimator: str
    """Its name in ESTIMATORS."""
    pipeline: Any
    params: dict[str, Any]
    """The options that it was built with, the defaults included."""
    validation_scores: dict[str, float]
    """Each estimator's value of the metric."""


def fit_candidate(
    frame: pd.DataFrame,
    labels: NDArray[Any],
    split: Split,
    kinds: Mapping[str, str],
    settings: TrainingSettings,
    *,
    task: Task,
    metric: Callable[[NDArray[Any], NDArray[Any]], float],
    greater_is_better: bool,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Candidate:
    """Fit every estimator on the train rows, and return the one that is best on the validation rows.

    It is a DataError when the train or validation rows hold one class only or the train rows lack one, a feature has no
    value in any train row, or the metric has none.

    Parameters
    ----------
    frame
        At least the features, one row per label.
    kinds
        ``number`` or ``category`` per feature, in the model's order.
    metric
        ``metric(labels, predictions)``, see `settings.select_by`.
    """
    if task != REGRESSION:
        _validate_two_classes(labels, {"train": split.train, "validation": split.validation})
    features = as_model_input(frame, kinds)
    _validate_not_empty(features.iloc[split.train])
    fitted: dict[str, Any] = {}
    scores: dict[str, float] = {}
    for name, options in settings.estimators.items():
        entry = ESTIMATORS[name]
        pipeline = build_pipeline(entry, entry.build(task, settings.seed, **options), kinds, settings.preparation)
        with one_thread():
            _fit(pipeline, features.iloc[split.train], labels[split.train], settings)
        score = metric(labels[split.validation], predict(pipeline, features.iloc[split.validation], task))
        if not math.isfinite(score):
            raise DataError(f"{settings.select_by} of {name} is {score} on the validation rows: nothing to choose by")
        on_progress(f"{name}: {settings.select_by} {score:.4f} on {len(split.validation):,} validation rows")
        fitted[name], scores[name] = pipeline, score
    best = (max if greater_is_better else min)(scores, key=scores.__getitem__)
    return Candidate(best, fitted[best], _params(best, settings.estimators[best]), scores)


def _fit(pipeline: Any, features: pd.DataFrame, labels: NDArray[Any], settings: TrainingSettings) -> None:
    """Fit a pipeline on train rows, balanced if the settings ask for it."""
    if settings.imbalance == "none":
        pipeline.fit(features, labels)
        return
    balanced = IMBALANCE[settings.imbalance](labels, settings.seed)
    weights = {} if balanced.weights is None else {"estimate__sample_weight": balanced.weights}
    pipeline.fit(features.iloc[balanced.positions], labels[balanced.positions], **weights)
    restore_priors(pipeline.named_steps["estimate"], balanced.prior_ratios(labels))


def predict(pipeline: Any, features: pd.DataFrame, task: Task) -> NDArray[Any]:
    """Return the positive class's probability, all classes' probabilities, or the predicted numbers."""
    with one_thread():
        predicted: NDArray[Any] = (pipeline.predict if task == REGRESSION else pipeline.predict_proba)(features)
    return predicted[:, 1] if task == BINARY else predicted


def _params(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    signature = inspect.signature(ESTIMATORS[name].build)
    defaults = {p.name: p.default for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}
    return {**defaults, **options}


def _validate_not_empty(train: pd.DataFrame) -> None:
    empty = [str(name) for name in train.columns[train.isna().all()]]
    if empty:
        raise DataError(f"no value in any of the {len(train):,} train rows: feature {', '.join(empty)}")


def _validate_two_classes(labels: NDArray[Any], parts: Mapping[str, NDArray[np.intp]]) -> None:
    for name, positions in parts.items():
        present = np.unique(labels[positions])
        if len(present) < 2:
            raise DataError(f"all {len(positions):,} {name} rows have the label {present[0]}: nothing can be learned")
    unlearned = np.setdiff1d(np.arange(int(labels.max()) + 1), labels[parts["train"]])
    if len(unlearned):
        raise DataError(
            f"no train row has the label {unlearned[0]}: classes must be 0 … k - 1, and all be learned from"
        )
