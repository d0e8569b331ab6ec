"""Every choice about imbalance, missing values and outliers is repeatable, and the same as ONNX and as skops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.export import from_skops, to_onnx, to_skops, validate_parity
from ml_platform.training.fit import Candidate, fit_candidate, predict
from ml_platform.training.imbalance import IMBALANCE
from ml_platform.training.model_input import as_model_input
from ml_platform.training.onnx_model import OnnxModel
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS
from ml_platform.training.settings import TrainingSettings
from ml_platform_tests.training.data import KINDS, rows, split

QUICK: dict[str, dict[str, Any]] = {
    "logistic_regression": {},
    "random_forest": {"n_estimators": 10, "max_depth": 5},
    "hist_gradient_boosting": {"max_iter": 10},
}
CHOICES: list[dict[str, Any]] = [
    *({"imbalance": name} for name in IMBALANCE),
    *({"missing": {"numbers": name, "indicator": True}} for name in MISSING_NUMBERS),
    *({"missing": {"categories": name}} for name in MISSING_CATEGORIES),
    *({"outliers": name} for name in OUTLIERS),
    {"outliers": {"clip": {"lower": 0.1, "upper": 0.9}}, "missing": {"numbers": {"constant": {"value": -1}}}},
]
CASES = [
    (choice, name)
    for choice in CHOICES
    for name in QUICK
    if ESTIMATORS[name].takes_missing or choice.get("missing", {}).get("numbers") != "none"
]


def fit(choice: dict[str, Any], name: str, labels: np.ndarray | None = None) -> Candidate:
    frame, usual = rows()
    labels = usual if labels is None else labels
    settings = TrainingSettings(seed=3, select_by="accuracy", estimators={name: QUICK[name]}, **choice)
    task = "multiclass" if labels.max() > 1 else "binary"
    return fit_candidate(
        frame, labels, split(frame), KINDS, settings, task=task, metric=lambda *_: 1.0, greater_is_better=True
    )


@pytest.mark.parametrize(("choice", "name"), CASES, ids=str)
def test_onnx_and_skops_say_what_scikit_learn_says_and_twice_is_the_same(choice: dict[str, Any], name: str) -> None:
    frame, _ = rows()
    pipeline = fit(choice, name).pipeline
    content = to_onnx(pipeline, KINDS, model_name="m")
    assert content == to_onnx(fit(choice, name).pipeline, KINDS, model_name="m")
    strange = frame.head(5).assign(color=["violet", None, "red", "", None], amount=[np.nan, 1e9, -1e9, 0.0, np.nan])
    model = OnnxModel.from_bytes(content)
    for asked in (frame, strange):
        validate_parity(pipeline, model, asked, task="binary")
        assert np.isfinite(model.predict(asked)).all()
    again = from_skops(to_skops(pipeline))
    features = as_model_input(strange, KINDS)
    np.testing.assert_array_equal(predict(again, features, "binary"), predict(pipeline, features, "binary"))
