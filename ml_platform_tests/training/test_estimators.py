"""Every entry of ESTIMATORS learns from missing, constant and unseen values, is repeatable, and becomes ONNX."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes, load_iris

from ml_platform.task import Task
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.export import from_skops, to_onnx, to_skops, validate_parity
from ml_platform.training.fit import one_thread, predict
from ml_platform.training.model_input import as_model_input
from ml_platform.training.onnx_model import OnnxModel
from ml_platform.training.pipeline import build_pipeline
from ml_platform_tests.training.data import KINDS, rows

QUICK: dict[str, dict[str, int]] = {"random_forest": {"n_estimators": 10}, "hist_gradient_boosting": {"max_iter": 10}}
CASES = [(name, task) for name, entry in ESTIMATORS.items() for task in sorted(entry.tasks)]


def table(task: Task) -> tuple[pd.DataFrame, np.ndarray, dict[str, str]]:
    if task == "binary":
        frame, labels = rows()
        return frame, labels, KINDS
    data = load_iris(as_frame=True) if task == "multiclass" else load_diabetes(as_frame=True)
    return data.data, data.target.to_numpy(), dict.fromkeys(data.data.columns, "number")


def fit(name: str, task: Task) -> tuple[Any, pd.DataFrame, dict[str, str]]:
    frame, labels, kinds = table(task)
    pipeline = build_pipeline(ESTIMATORS[name], ESTIMATORS[name].build(task, 7, **QUICK.get(name, {})), kinds)
    with one_thread():
        return pipeline.fit(as_model_input(frame, kinds), labels), frame, kinds


@pytest.mark.parametrize(("name", "task"), CASES)
def test_onnx_says_what_scikit_learn_says_and_is_the_same_bytes_each_time(name: str, task: Task) -> None:
    pipeline, frame, kinds = fit(name, task)
    content = to_onnx(pipeline, kinds, model_name="m")
    assert content == to_onnx(fit(name, task)[0], kinds, model_name="m")
    parity = validate_parity(pipeline, OnnxModel.from_bytes(content), frame, task=task)
    assert parity.n_rows == len(frame)


@pytest.mark.parametrize("name", [name for name, task in CASES if task == "binary"])
def test_unseen_category_and_missing_values_are_scored_alike_by_both(name: str) -> None:
    pipeline, frame, kinds = fit(name, "binary")
    strange = frame.head(4).assign(color=["violet", None, "red", ""], amount=[np.nan, 1e9, -1e9, 0.0])
    model = OnnxModel.from_bytes(to_onnx(pipeline, kinds, model_name="m"))
    validate_parity(pipeline, model, strange, task="binary")
    assert np.isfinite(model.predict(strange)).all()


@pytest.mark.parametrize(("name", "task"), CASES)
def test_skops_round_trip_needs_no_type_that_was_not_reviewed(name: str, task: Task) -> None:
    pipeline, frame, kinds = fit(name, task)
    again = from_skops(to_skops(pipeline))
    features = as_model_input(frame, kinds)
    np.testing.assert_array_equal(predict(again, features, task), predict(pipeline, features, task))


@pytest.mark.parametrize("name", ESTIMATORS)
def test_every_option_is_a_keyword_with_a_default(name: str) -> None:
    options = [p for p in inspect.signature(ESTIMATORS[name].build).parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert options
    assert all(option.default is not option.empty for option in options)
