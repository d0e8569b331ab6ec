"""The same rows give the same candidate, byte for byte."""

from ml_platform.pipeline.fitting import export, fit_rows
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform.stores.files import digest
from ml_platform_tests.loop import Loop


def test_a_candidate_is_fitted_again_byte_for_byte(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None)
    fitted = fit_rows(loop.model, rows, loop.run)
    trained = loop.made["train_candidate"].document
    assert fitted.estimator == trained["estimator"]
    assert digest(export(loop.model, rows, fitted, loop.run)) == trained["onnx_sha256"]
