"""The better estimator wins on validation rows; the baseline looks at nothing."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ml_platform.errors import DataError
from ml_platform.training.export import to_onnx
from ml_platform.training.fit import fit_candidate
from ml_platform.training.settings import TrainingSettings
from ml_platform_tests.training.data import KINDS, rows, split

SETTINGS = TrainingSettings(
    seed=1,
    select_by="roc_auc",
    estimators={"logistic_regression": {"C": 0.5}, "hist_gradient_boosting": {"max_iter": 20}},
)


def fit(labels: np.ndarray, settings: TrainingSettings = SETTINGS, metric=roc_auc_score, greater_is_better=True):
    frame, _ = rows()
    return fit_candidate(
        frame, labels, split(frame), KINDS, settings, task="binary", metric=metric, greater_is_better=greater_is_better
    )


def test_candidate_is_the_best_on_validation_and_the_test_rows_are_never_looked_at() -> None:
    frame, labels = rows()
    candidate = fit(labels)
    assert candidate.estimator == max(candidate.validation_scores, key=candidate.validation_scores.__getitem__)
    assert candidate.params["max_iter"] in (20, 1000)
    changed = labels.copy()
    changed[split(frame).test] = 1 - changed[split(frame).test]
    same = to_onnx(fit(changed).pipeline, KINDS, model_name="m")
    assert same == to_onnx(candidate.pipeline, KINDS, model_name="m")


def test_a_metric_that_is_better_when_smaller_picks_the_smallest() -> None:
    candidate = fit(rows()[1], metric=lambda y, p: float(np.mean((y - p) ** 2)), greater_is_better=False)
    assert candidate.estimator == min(candidate.validation_scores, key=candidate.validation_scores.__getitem__)


def test_one_class_is_refused_with_its_count() -> None:
    with pytest.raises(DataError, match="all 240 train rows have the label 0"):
        fit(np.zeros(400, dtype=int))


def test_class_without_a_train_row_and_a_metric_without_value_are_refused() -> None:
    frame, labels = rows()
    labels[split(frame).test] = 2
    with pytest.raises(DataError, match="no train row has the label 2"):
        fit(labels)
    with pytest.raises(DataError, match="roc_auc of logistic_regression is nan"):
        fit(rows()[1], metric=lambda y, p: float("nan"))


def test_feature_without_any_value_is_refused_by_name() -> None:
    frame, labels = rows()
    with pytest.raises(DataError, match="no value in any of the 240 train rows: feature amount"):
        fit_candidate(
            frame.assign(amount=np.nan),
            labels,
            split(frame),
            KINDS,
            SETTINGS,
            task="binary",
            metric=roc_auc_score,
            greater_is_better=True,
        )
