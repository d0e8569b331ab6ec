"""The pipeline encodes and scales as its estimator needs, also a category that no train row has."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.model_input import as_model_input
from ml_platform.training.pipeline import build_pipeline
from ml_platform_tests.training.data import KINDS, rows

TRAIN = pd.DataFrame({"x": [0.0, 1.0, 2.0], "c": ["a", "b", "b"]})
SMALL = {"x": "number", "c": "category"}


def seen(estimator: str, kinds: dict[str, str], later: pd.DataFrame) -> np.ndarray:
    """Return what an estimator sees of later rows, having been fitted on TRAIN."""
    pipeline: Any = build_pipeline(ESTIMATORS[estimator], None, kinds)[:-1]
    found = pipeline.fit(as_model_input(TRAIN, kinds)).transform(as_model_input(later, kinds))
    return found.toarray() if hasattr(found, "toarray") else found


def test_a_linear_model_gets_scaled_numbers_and_a_column_per_category() -> None:
    found = seen("logistic_regression", SMALL, TRAIN)
    assert found[:, 0].mean() == pytest.approx(0)
    assert found[:, 0].std() == pytest.approx(1)
    assert found[:, 1:].tolist() == [[1, 0], [0, 1], [0, 1]]


def test_trees_get_numbers_as_they_are_and_one_column_of_codes() -> None:
    assert seen("random_forest", SMALL, TRAIN).tolist() == [[0, 0], [1, 1], [2, 1]]


def test_a_category_that_no_train_row_has_is_none_of_those_known() -> None:
    unseen = TRAIN.assign(c="z")
    assert (seen("logistic_regression", SMALL, unseen)[:, 1:] == 0).all()
    assert (seen("random_forest", SMALL, unseen)[:, 1] == -1).all()


@pytest.mark.parametrize("kinds", [{"x": "number"}, {"c": "category"}])
def test_a_model_may_have_features_of_one_kind_alone(kinds: dict[str, str]) -> None:
    assert len(seen("random_forest", kinds, TRAIN)) == 3


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_estimator_stands_behind_its_preprocessing(name: str) -> None:
    frame, labels = rows(60)
    entry = ESTIMATORS[name]
    pipeline = build_pipeline(entry, entry.build(min(entry.tasks), 1), KINDS)
    assert [step for step, _ in pipeline.steps] == ["preprocess", "estimate"]
    assert pipeline.fit(as_model_input(frame, KINDS), labels).predict(as_model_input(frame, KINDS)).shape == (60,)
