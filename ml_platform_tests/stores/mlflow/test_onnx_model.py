from typing import Any

import onnxruntime
import pytest

from ml_platform.errors import ModelError
from ml_platform.stores.mlflow.onnx_model import example
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import candidate
from ml_platform_tests.stores.small_model import EXAMPLE, small_model


def test_the_stored_example_fits_the_stored_model(stores: Stores, model: str, caplog: Any) -> None:
    record = candidate(stores, model)
    assert "Failed to validate" not in caplog.text
    session = onnxruntime.InferenceSession(stores.runs.load_candidate(record.run_id, record.onnx_sha256))
    assert [node.name for node in session.get_inputs()] == ["distance", "carrier"]


def test_an_example_with_another_number_of_columns_is_refused() -> None:
    with pytest.raises(ModelError, match="the model takes 2 inputs; the input example has 1 columns"):
        example(small_model(), EXAMPLE[["distance"]])
