"""The candidate, chosen among estimators on the validation rows, and the baseline that it must beat."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.errors import DataError
from ml_platform.task import Task
from ml_platform.training.choice import chosen
from ml_platform.training.estimators import ESTIMATORS, Estimator
from ml_platform.training.imbalance import IMBALANCE
from ml_platform.training.preprocess import as_model_input, build_pipeline
from ml_platform.training.settings import TrainingSettings
from ml_platform.training.split import Split

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Candidate:
    """A fitted pipeline, and how it was chosen.

    Attributes
    ----------
    estimator
        Its name in ESTIMATORS.
    params
        The options that it was built with, the defaults included.
    validation_scores
        Each estimator's value of the metric that decided.
    """

    estimator: str
    pipeline: Any
    params: dict[str, Any]
    validation_scores: dict[str, float]


@dataclass(frozen=True)
class Baseline:
    """A model that looks at no feature.

    Attributes
    ----------
    prediction
        Base rate of the positive class, base rates of all classes, or the mean of the target; of the train rows.
    """

    prediction: float | tuple[float, ...]

    def predict(self, n_rows: int) -> NDArray[np.float64]:
        """Return the same prediction `n_rows` times."""
        import numpy as np

        return np.repeat(np.asarray(self.prediction, dtype=float)[None], n_rows, axis=0)


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

    Parameters
    ----------
    frame
        At least the features, one row per label.
    kinds
        ``number`` or ``category`` per feature, in the model's order.
    metric
        ``metric(labels, predictions)``, see `settings.select_by`.

    Raises
    ------
    DataError
        When the train or validation rows hold one class only or the train rows lack one, a feature has no value in any
        train row, or the metric has none.
    """
    if task != "regression":
        _validate_two_classes(labels, {"train": split.train, "validation": split.validation})
    features = as_model_input(frame, kinds)
    _validate_not_empty(features.iloc[split.train])
    sign = 1 if greater_is_better else -1
    best: tuple[float, Candidate] | None = None
    scores: dict[str, float] = {}
    for name, options in settings.estimators.items():
        entry = ESTIMATORS[name]
        pipeline = build_pipeline(entry, entry.build(task, settings.seed, **options), kinds, settings.preparation)
        with one_thread():
            if "none" in settings.imbalance:
                pipeline.fit(features.iloc[split.train], labels[split.train])
            else:
                _fit_balanced(entry, pipeline, features.iloc[split.train], labels[split.train], settings)
        scores[name] = metric(labels[split.validation], predict(pipeline, features.iloc[split.validation], task))
        if not math.isfinite(scores[name]):
            raise DataError(
                f"{settings.select_by} of {name} is {scores[name]} on the validation rows: nothing to choose by"
            )
        on_progress(f"{name}: {settings.select_by} {scores[name]:.4f} on {len(split.validation):,} validation rows")
        if best is None or sign * scores[name] > best[0]:
            best = sign * scores[name], Candidate(name, pipeline, _params(name, options), scores)
    assert best is not None, "settings ask for at least one estimator"
    return best[1]


def _fit_balanced(
    entry: Estimator, pipeline: Any, features: pd.DataFrame, labels: NDArray[Any], settings: TrainingSettings
) -> None:
    """Fit a pipeline on balanced train rows, and let it speak of the rows as they are."""
    balanced = chosen(IMBALANCE, settings.imbalance, "training.imbalance:")(labels, settings.seed)
    weights = {} if balanced.weights is None else {"estimate__sample_weight": balanced.weights}
    pipeline.fit(features.iloc[balanced.positions], labels[balanced.positions], **weights)
    assert entry.restore_priors is not None, "classes are balanced for classifiers alone, and each can undo it"
    entry.restore_priors(pipeline.named_steps["estimate"], balanced.prior_ratios(labels))


def fit_baseline(labels: NDArray[Any], split: Split, *, task: Task) -> Baseline:
    """Return the constant that is right most often on the train rows: their base rates, or their mean."""
    import numpy as np

    train = labels[split.train]
    if task == "multiclass":
        rates = np.bincount(train.astype(int), minlength=int(labels.max()) + 1) / len(train)
        return Baseline(tuple(float(rate) for rate in rates))
    return Baseline(float(np.mean(train)))


def predict(pipeline: Any, features: pd.DataFrame, task: Task) -> NDArray[Any]:
    """Return the positive class's probability, all classes' probabilities, or the predicted numbers."""
    if task == "regression":
        return _in_one_thread(pipeline.predict, features)
    probabilities = _in_one_thread(pipeline.predict_proba, features)
    return probabilities[:, 1] if task == "binary" else probabilities


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which BLAS and OpenMP use one thread: the result does not depend on the machine's cores.

    It costs little, and it protects: OpenMP threads that share their cores with other work wait for one another, and
    gradient boosting took from 2 to 40 s in two threads on two busy cores.
    """
    from threadpoolctl import threadpool_limits

    context: AbstractContextManager[Any] = threadpool_limits(limits=1)
    return context


def _in_one_thread(function: Callable[[pd.DataFrame], NDArray[Any]], features: pd.DataFrame) -> NDArray[Any]:
    with one_thread():
        return function(features)


def _params(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    import inspect

    signature = inspect.signature(ESTIMATORS[name].build)
    defaults = {p.name: p.default for p in signature.parameters.values() if p.kind is p.KEYWORD_ONLY}
    return {**defaults, **options}


def _validate_not_empty(train: pd.DataFrame) -> None:
    empty = [str(name) for name in train.columns[train.isna().all()]]
    if empty:
        raise DataError(f"no value in any of the {len(train):,} train rows: feature {', '.join(empty)}")


def _validate_two_classes(labels: NDArray[Any], parts: Mapping[str, NDArray[np.intp]]) -> None:
    import numpy as np

    for name, positions in parts.items():
        present = np.unique(labels[positions])
        if len(present) < 2:
            raise DataError(f"all {len(positions):,} {name} rows have the label {present[0]}: nothing can be learned")
    unlearned = np.setdiff1d(np.arange(int(labels.max()) + 1), labels[parts["train"]])
    if len(unlearned):
        raise DataError(
            f"no train row has the label {unlearned[0]}: classes must be 0 … k - 1, and all be learned from"
        )
