"""A model file that is not one, or that differs from its pipeline, is rejected; nothing of it is ever executed."""

import io
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import skops.io

from ml_platform.errors import ModelError
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.export import from_skops, to_onnx, validate_parity
from ml_platform.training.fit import one_thread
from ml_platform.training.model_input import as_model_input
from ml_platform.training.onnx_model import OnnxModel
from ml_platform.training.pipeline import build_pipeline
from ml_platform_tests.training.data import KINDS, rows


def fitted(seed: int, name: str = "logistic_regression"):
    frame, labels = rows(seed=seed)
    pipeline = build_pipeline(ESTIMATORS[name], ESTIMATORS[name].build("binary", 1), KINDS)
    return pipeline.fit(as_model_input(frame, KINDS), labels), frame


def test_a_model_that_differs_from_its_pipeline_is_refused_with_the_number_of_rows() -> None:
    (one, frame), (other, _) = fitted(0), fitted(1)
    model = OnnxModel.from_bytes(to_onnx(other, KINDS, model_name="m"))
    with pytest.raises(ModelError, match=r"on \d+ of 400 rows"):
        validate_parity(one, model, frame, task="binary")


@pytest.mark.parametrize(("mean", "spread"), [(0, 1e-6), (0, 50), (2013, 5), (250_000, 80_000)])
@pytest.mark.parametrize("name", ["hist_gradient_boosting", "ridge"])
def test_numbers_may_differ_by_a_share_of_their_spread_whatever_their_unit(
    name: str, mean: float, spread: float
) -> None:
    frame, labels = rows()
    noise = np.random.default_rng(0).normal(size=len(labels))
    pipelines = []
    for effect in (1, 1.02):
        pipeline = build_pipeline(ESTIMATORS[name], ESTIMATORS[name].build("regression", 1), KINDS)
        pipelines.append(pipeline.fit(as_model_input(frame, KINDS), mean + spread * (effect * labels + noise)))
    model = OnnxModel.from_bytes(to_onnx(pipelines[0], KINDS, model_name="m"))
    validate_parity(pipelines[0], model, frame, task="regression")
    with pytest.raises(ModelError, match=r"on \d+ of 400 rows"):
        validate_parity(pipelines[1], model, frame, task="regression")


def test_skops_with_a_foreign_type_is_refused_by_name() -> None:
    content = skops.io.dumps({"file": io.BytesIO, "n": np.float64(1)})
    with pytest.raises(ModelError, match="BytesIO"):
        from_skops(content)


def test_every_32_bit_number_goes_the_same_way_at_a_threshold_between_two_neighbours() -> None:
    """The threshold is the mean of two adjacent floats; rounded to the nearest, every other would be the upper one."""
    entry = ESTIMATORS["hist_gradient_boosting"]
    low = np.float32(1.5)
    for _ in range(4):
        high = np.nextafter(low, np.float32(2))
        frame = pd.DataFrame({"amount": np.repeat([low, high], 40)})
        pipeline = build_pipeline(entry, entry.build("binary", 1, max_iter=1), {"amount": "number"})
        with one_thread():
            pipeline.fit(frame, np.repeat([0, 1], 40))
        model = OnnxModel.from_bytes(to_onnx(pipeline, {"amount": "number"}, model_name="m"))
        assert len(np.unique(model.predict(frame))) == 2
        validate_parity(pipeline, model, frame, task="binary")
        low = high


MAKE = """
import hashlib
from ml_platform.training.export import to_onnx

from ml_platform_tests.training.data import KINDS, rows
from ml_platform_tests.training.test_fit import fit

for greater_is_better in (True, False):  # one picks the linear model, the other the trees
    candidate = fit(rows()[1], greater_is_better=greater_is_better)
    content = to_onnx(candidate.pipeline, KINDS, model_name="m")
    print(candidate.estimator, hashlib.sha256(content).hexdigest())
"""


def test_another_process_with_other_hashes_and_threads_gives_the_same_bytes() -> None:
    found = set()
    for number in ("1", "2"):
        own = {"PYTHONHASHSEED": number, "OMP_NUM_THREADS": number, "OPENBLAS_NUM_THREADS": number}
        command = [sys.executable, "-W", "ignore", "-c", MAKE]
        found.add(subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=True).stdout)
    (lines,) = found
    assert {"logistic_regression", "hist_gradient_boosting"} <= set(lines.split())
