"""A model file that is not one, or that differs from its pipeline, is refused; nothing of it is ever executed."""

import io
import pickle

import numpy as np
import pytest
import skops.io

from ml_platform.errors import ModelError
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.export import OnnxModel, check_parity, from_skops, to_onnx
from ml_platform.training.preprocess import as_model_input, build_pipeline
from ml_platform_tests.training.data import KINDS, rows


class Trap:
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('code was run')",))


def fitted(seed: int):
    frame, labels = rows(seed=seed)
    pipeline = build_pipeline(
        ESTIMATORS["logistic_regression"], ESTIMATORS["logistic_regression"].build("binary", 1), KINDS
    )
    return pipeline.fit(as_model_input(frame, KINDS), labels), frame


def test_a_model_that_differs_from_its_pipeline_is_refused_with_the_number_of_rows() -> None:
    (one, frame), (other, _) = fitted(0), fitted(1)
    model = OnnxModel.from_bytes(to_onnx(other, KINDS, model_name="m"))
    with pytest.raises(ModelError, match=r"on \d+ of 400 rows"):
        check_parity(one, model, frame, task="binary")


@pytest.mark.parametrize("content", [b"", b"not a model", pickle.dumps(Trap())])
def test_bytes_that_are_no_model_are_refused_and_not_executed(content: bytes) -> None:
    with pytest.raises(ModelError, match="are not an ONNX model"):
        OnnxModel.from_bytes(content)


def test_skops_with_a_foreign_type_is_refused_by_name() -> None:
    content = skops.io.dumps({"file": io.BytesIO, "n": np.float64(1)})
    with pytest.raises(ModelError, match="BytesIO"):
        from_skops(content)


def test_order_of_columns_and_further_columns_change_nothing() -> None:
    pipeline, frame = fitted(0)
    model = OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m"))
    shuffled = frame[list(reversed(frame.columns))].assign(further=1)
    np.testing.assert_array_equal(model.predict(shuffled), model.predict(frame))
