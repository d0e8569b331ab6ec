"""A stored model scores rows as they come, one alone as among others; what is no model is never executed."""

import pickle

import numpy as np
import pytest

from ml_platform.errors import ModelError
from ml_platform.training.export import to_onnx
from ml_platform.training.onnx_model import OnnxModel
from ml_platform_tests.training.data import KINDS
from ml_platform_tests.training.test_export import fitted


class Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('code was run')",))


@pytest.mark.parametrize("content", [b"", b"not a model", pickle.dumps(Trap())])
def test_bytes_that_are_no_model_are_refused_and_not_executed(content: bytes) -> None:
    with pytest.raises(ModelError, match="are not an ONNX model"):
        OnnxModel.from_bytes(content)


def test_nothing_is_scored_as_nothing() -> None:
    pipeline, frame = fitted(0)
    assert OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m")).predict(frame.head(0)).shape == (0,)


def test_order_of_columns_and_further_columns_change_nothing() -> None:
    pipeline, frame = fitted(0)
    model = OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m"))
    shuffled = frame[list(reversed(frame.columns))].assign(further=1)
    np.testing.assert_array_equal(model.predict(shuffled), model.predict(frame))


@pytest.mark.parametrize("name", ["logistic_regression", "hist_gradient_boosting"])
def test_a_row_alone_has_the_score_that_it_has_among_others(name: str) -> None:
    pipeline, frame = fitted(0, name)
    model = OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m"))
    together = model.predict(frame.head(40))
    alone = np.concatenate([model.predict(frame.iloc[[row]]) for row in range(40)])
    np.testing.assert_allclose(alone, together, rtol=0, atol=0 if name == "hist_gradient_boosting" else 2e-7)


def test_the_model_knows_its_features_and_their_kinds() -> None:
    pipeline, _ = fitted(0)
    assert OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m")).kinds == KINDS
