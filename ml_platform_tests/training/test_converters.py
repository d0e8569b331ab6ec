"""The platform's own transformers are the same in ONNX to the last bit, also for missing and infinite numbers."""

from typing import Any

import numpy as np
import onnxruntime
import pytest
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType

from ml_platform.training.converters import register
from ml_platform.training.export import OPSET
from ml_platform.training.transformers import IsMissing, QuantileClip

RNG = np.random.default_rng(4)
TRAIN = RNG.normal(size=(200, 3)).astype(np.float32)
EXTREME = np.float32([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, 3.4e38])


def in_onnx(transformer: Any, table: np.ndarray) -> np.ndarray:
    register()
    register()  # twice changes nothing
    model = convert_sklearn(transformer, "m", [("x", FloatTensorType([None, table.shape[1]]))], target_opset=OPSET)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": table})[0]


@pytest.mark.parametrize("transformer", [QuantileClip(lower=0.05, upper=0.9), QuantileClip(), IsMissing()])
def test_onnx_and_scikit_learn_give_the_same_bits(transformer: Any) -> None:
    fitted = transformer.fit(TRAIN)
    later = np.concatenate([RNG.normal(scale=5, size=(300, 3)).astype(np.float32), np.stack([EXTREME] * 3, axis=1)])
    np.testing.assert_array_equal(in_onnx(fitted, later), fitted.transform(later))


@pytest.mark.parametrize("transformer", [QuantileClip(lower=0.05, upper=0.9), IsMissing()])
def test_no_rows_stay_no_rows(transformer: Any) -> None:
    assert in_onnx(transformer.fit(TRAIN), TRAIN[:0]).shape == (0, 3)
