"""Files of candidates that were exchanged or lost are named, and not used."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ml_platform.errors import ModelError
from ml_platform.stores.ledger import LedgerEntry
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import artifact, candidate, registered
from ml_platform_tests.stores.small_model import small_model


def test_an_exchanged_artifact_is_refused_by_model_and_version(stores: Stores, model: str) -> None:
    version = registered(stores, model)
    assert stores.registry.load_onnx(version) == small_model()
    artifact(version, stores).write_bytes(small_model(-0.5))
    with pytest.raises(ModelError, match=f"model '{model}' version 1: what is stored has sha256"):
        stores.registry.load_onnx(version)
    with pytest.raises(ModelError, match="what is stored has sha256"):
        stores.registry.register(model, run_id=version.run_id, onnx_sha256=version.onnx_sha256)


def test_a_lost_artifact_is_named(stores: Stores, model: str) -> None:
    version = registered(stores, model)
    artifact(version, stores).unlink()
    with pytest.raises(ModelError, match=f"model '{model}' version 1 cannot be read"):
        stores.registry.load_onnx(version)


def test_who_exchanges_the_artifact_and_mlflows_hash_is_caught_by_the_ledger(stores: Stores, model: str) -> None:
    ledger = stores.ledger(model)
    good = registered(stores, model)
    now = datetime(2013, 4, 1, tzinfo=UTC)
    entry = LedgerEntry(now, model, None, "registered", good.version, good.run_id, good.onnx_sha256)
    ledger.append(entry)
    assert stores.registry.load_onnx(good, ledger=ledger) == small_model()
    evil = registered(stores, model, -0.5)
    forged = replace(evil, version=good.version)
    assert stores.registry.load_onnx(forged) == small_model(-0.5)
    with pytest.raises(ModelError, match=r"version 1, as recorded in the ledger .*: what is stored has sha256"):
        stores.registry.load_onnx(forged, ledger=ledger)
    with pytest.raises(ModelError, match=r"version 2: the ledger .* has no record of it"):
        stores.registry.load_onnx(evil, ledger=ledger)


def test_every_file_of_a_candidate_is_recorded_and_an_exchanged_document_is_refused(stores: Stores, model: str) -> None:
    record = candidate(stores, model, documents={"reference.json": {"n_rows": 3}}, skops=b"skops")
    assert {"reference.json", "model.skops", "model/MLmodel", "model/model.onnx"} <= set(record.files)
    assert record.files["model/model.onnx"] == record.onnx_sha256
    assert stores.runs.files(record.run_id) == record.files
    number = stores.registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    version, ledger = stores.registry.version(model, number), stores.ledger(model)
    entry = LedgerEntry(datetime(2013, 4, 1, tzinfo=UTC), model, None, "registered", number, record.run_id, "a" * 64)
    ledger.append(replace(entry, files=record.files))
    assert stores.registry.load_document(version, "reference.json", ledger=ledger) == {"n_rows": 3}
    stores.runs.log_documents(record.run_id, {"reference.json": {"n_rows": 4}})
    assert stores.registry.load_document(version, "reference.json") == {"n_rows": 4}
    with pytest.raises(ModelError, match=f"reference.json of model '{model}' version 1: what is stored has sha256"):
        stores.registry.load_document(version, "reference.json", ledger=ledger)
