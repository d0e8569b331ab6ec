"""What is put for missing values and outliers comes from the train rows, and a choice changes the input it is about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml_platform.choices import validate_options
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.model_input import as_model_input
from ml_platform.training.pipeline import build_pipeline
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS
from ml_platform.training.settings import TrainingSettings

KINDS = {"x": "number", "c": "category"}
TRAIN = pd.DataFrame({"x": [0.0, 1.0, 2.0, 9.0, np.nan], "c": ["a", "a", "b", None, "a"]})
LATER = pd.DataFrame({"x": [np.nan, -50.0, 50.0], "c": [None, "b", "z"]})


def prepared(estimator: str = "random_forest", **choices: Any) -> np.ndarray:
    """Return what an estimator sees of LATER, having been fitted on TRAIN."""
    settings = TrainingSettings(seed=1, select_by="roc_auc", estimators={estimator: {}}, **choices)
    pipeline = build_pipeline(ESTIMATORS[estimator], None, KINDS, settings.preparation)[:-1]
    return pipeline.fit(as_model_input(TRAIN, KINDS)).transform(as_model_input(LATER, KINDS))


def test_each_choice_puts_what_it_says() -> None:
    missing = {
        "native_or_median": 1.5,
        "median": 1.5,
        "mean": 3.0,
        "constant": 0.0,
    }
    for name, value in missing.items():
        assert prepared(missing={"numbers": name})[:, 0].tolist() == [value, -50, 50]
    assert np.isnan(prepared("hist_gradient_boosting")[0, 0]), "who takes missing values is left them"
    assert np.isnan(prepared("hist_gradient_boosting", missing={"numbers": "none"})[0, 0])
    assert prepared("hist_gradient_boosting", missing={"numbers": "median"})[0, 0] == 1.5
    assert prepared(missing={"numbers": {"constant": {"value": -1.0}}})[0, 0] == -1


def test_indicator_says_what_was_missing() -> None:
    assert prepared(missing={"indicator": True})[:, :2].tolist() == [[1.5, 1], [-50, 0], [50, 0]]


def test_missing_category_is_its_own_or_the_most_frequent() -> None:
    assert prepared()[:, -1].tolist() == [0, 2, -1], "(missing), b, unseen"
    assert prepared(missing={"categories": "most_frequent"})[:, -1].tolist() == [0, 1, -1], "a, b, unseen"


def test_outliers_are_drawn_to_quantiles_of_the_train_rows_and_missing_stays_missing() -> None:
    clip = {"clip": {"lower": 0.25, "upper": 0.75}}
    assert prepared(outliers=clip)[:, 0].tolist() == [1.5, 0.0, 9.0]
    assert prepared("hist_gradient_boosting", outliers={"clip": {}})[1:, 0].tolist() == [0.0, 9.0]
    assert np.isnan(prepared("hist_gradient_boosting", outliers=clip)[0, 0])


@pytest.mark.parametrize("table", [MISSING_NUMBERS, MISSING_CATEGORIES, OUTLIERS])
def test_every_choice_has_only_options_with_a_default(table: dict[str, Any]) -> None:
    for name, function in table.items():
        validate_options(function, {}, name)
        made = function(*[False] * (table is MISSING_NUMBERS))
        assert made is None or hasattr(made, "fit"), name
