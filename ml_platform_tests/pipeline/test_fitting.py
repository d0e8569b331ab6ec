"""The same rows give the same candidate, byte for byte."""

from ml_platform.pipeline.fitting import export, fit_rows
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform.stores.files import digest
from ml_platform.stores.mlflow.entities import REFERENCE
from ml_platform_tests.loop import Loop


def test_a_candidate_is_fitted_again_byte_for_byte(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    fitted = fit_rows(loop.model, rows, loop.run)
    trained = loop.made["train_candidate"].document
    assert fitted.estimator == trained["estimator"]
    assert digest(export(loop.model, rows, fitted, loop.run)) == trained["onnx_sha256"]


def test_every_candidate_is_stored_with_its_reference(loop: Loop) -> None:
    version = loop.stores.registry.version("tumours", "1")
    stored = loop.stores.registry.load_document(version, REFERENCE, ledger=loop.stores.ledger("tumours"))
    assert [column["name"] for column in stored["profile"]["columns"]] == list(loop.model.profiled_kinds)
    assert list(stored["windows"]) == ["tumours/features/whole"]
