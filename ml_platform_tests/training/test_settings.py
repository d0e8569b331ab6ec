"""Wrong names in the training block are rejected with a guess."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.errors import SpecError
from ml_platform.training.settings import TrainingSettings

GOOD: dict[str, Any] = {
    "seed": 1,
    "select_by": "roc_auc",
    "estimators": {"logistic_regression": None, "random_forest": {}},
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimators": {"logistic_regresion": {}, "ridge": {}}}, "Did you mean 'logistic_regression'"),
        ({"estimators": {"logistic_regression": {"c": 1}, "ridge": {}}}, "has no option 'c'"),
        ({"estimators": {"logistic_regression": {"C": "large"}, "random_forest": {}}}, "option 'C': .*not 'large'"),
        ({"estimators": {"logistic_regression": {"C": -1}, "random_forest": {}}}, "greater than 0, not -1"),
        ({"estimators": {"random_forest": {"max_depth": 1.5}, "ridge": {}}}, "option 'max_depth'"),
        ({"estimators": {"logistic_regression": {"seed": 3}, "ridge": {}}}, "has no option 'seed'"),
        ({"estimators": {}}, "at least 1"),
        ({"test_share": 0.7}, "less than 0.5"),
        ({"imbalance": "oversampel"}, "'none', 'class_weights', 'undersample' or 'oversample'"),
        ({"imbalance": {"oversample": {"ratio": 2}}}, "imbalance"),
        ({"outliers": {"clip": {"ratio": 2}}}, "has no option 'ratio'"),
        ({"outliers": "clib"}, "Did you mean 'clip'"),
        ({"missing": {"numbers": "none"}}, "'logistic_regression' does not take them. Choose one of native_or_median"),
        ({"missing": {"numbers": {"constant": {"value": "0"}}}}, "option 'value': .*not '0'"),
        ({"missing": {"categories": "median"}}, "'median' does not exist"),
        ({"outliers": {"clip": {"lower": 0.7}}}, "option 'lower': .*less than 0.5"),
        ({"outliers": {"clip": {}, "none": {}}}, "at most 1"),
        ({"windw": 3}, "Extra inputs are not permitted"),
    ],
)
def test_wrong_block_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TrainingSettings(**{**GOOD, **change})


def test_reading_the_settings_imports_nothing_heavy() -> None:
    code = (
        "import sys, ml_platform.training.settings;"
        "print(sorted({'sklearn', 'numpy', 'pandas', 'onnx', 'skl2onnx', 'skops', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_estimator_that_cannot_learn_the_task_is_refused() -> None:
    settings = TrainingSettings(**{**GOOD, "estimators": {"ridge": {}, "random_forest": {}}})
    settings.validate_task("regression")
    with pytest.raises(SpecError, match="'ridge' cannot learn task 'binary'"):
        settings.validate_task("binary")


def test_regression_has_no_classes_to_balance() -> None:
    settings = TrainingSettings(**{**GOOD, "estimators": {"random_forest": {}}, "imbalance": "class_weights"})
    settings.validate_task("binary")
    with pytest.raises(SpecError, match="class_weights is about classes; a regression has none"):
        settings.validate_task("regression")


def test_what_was_chosen_is_said_in_words() -> None:
    missing = {"numbers": {"constant": {"value": -1.0}}, "indicator": True}
    settings = TrainingSettings(**GOOD, missing=missing, outliers={"clip": {"lower": 0.01}})
    assert settings.choices == {
        "imbalance": "none",
        "missing_numbers": "constant value=-1.0 with indicator",
        "missing_categories": "own_category",
        "outliers": "clip lower=0.01",
    }
    again = TrainingSettings.model_validate(settings.model_dump(mode="json"))
    assert again.choices == settings.choices
