"""The facts of lineage are those that were recorded, of this version and no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest

from ml_platform.lineage.facts import checks_on, is_validation, source_files, trained_model
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.manifests import id_of
from ml_platform.stores.stores import Stores

VALIDATION = ArtifactKey("m", "validation_rows", "2013-01")
FEATURES = ArtifactKey("m", "features", "2013-01")
CANDIDATE = ArtifactKey("m", "candidate", "2013-01")
LEAKAGE = ArtifactKey("m", "leakage", "2013-01")
RESULT = {"file": "raw/rows.parquet", "passed": True, "n_rows": 3, "n_quarantined": 1, "check_results": []}
NOON = datetime(2013, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def candidate(stores: Stores) -> Manifest:
    """A candidate that was trained on features of one raw file, with its entry in the ledger."""
    made_from = {"raw": "0123", "contract": "abc"}
    validation = stores.documents.write(VALIDATION, RESULT, inputs=made_from)
    features = stores.tables.write(
        FEATURES, pd.DataFrame({"x": [1, 2]}), inputs={"raw": "0123"}, relies_on={str(VALIDATION): validation.version}
    )
    versions = {str(FEATURES): features.version}
    document = {"definition": "d1", "git_commit": "c1", "features": ["x"]}
    stored = stores.documents.write(CANDIDATE, document, inputs=versions, run_id="run of Dagster")
    entry = LedgerEntry(NOON, "m", "2013-01", "registered", "1", "run of MLflow", "f" * 64, candidate=id_of(stored))
    stores.ledger("m").append(entry)
    return stored


def test_a_source_is_found_over_any_number_of_steps_with_what_its_contract_said(
    stores: Stores, candidate: Manifest
) -> None:
    (source,) = source_files(stores, id_of(candidate))
    assert (source.table, source.partition, source.md5) == ("rows", "2013-01", "0123")
    assert (source.file, source.passed, source.n_rows, source.n_quarantined) == ("raw/rows.parquet", True, 3, 1)
    assert source_files(stores, id_of(stores.manifests.require(VALIDATION))) == ()


def test_a_trained_model_is_told_by_ledger_and_manifest_also_after_another_training(
    stores: Stores, candidate: Manifest
) -> None:
    told = trained_model(stores, "m", "1")
    assert (told.version, told.partition, told.candidate) == ("1", "2013-01", id_of(candidate))
    assert (told.dagster_run, told.mlflow_run) == ("run of Dagster", "run of MLflow")
    assert (told.definition, told.definition_code, told.features) == ("d1", "c1", ("x",))
    assert told.training == candidate.inputs
    assert [(event.at, event.action) for event in told.events] == [(NOON, "registered")]
    stores.documents.write(CANDIDATE, {"definition": "d2", "git_commit": "c2", "features": []}, inputs={})
    assert trained_model(stores, "m", "1") == told


def test_a_check_counts_when_it_is_about_these_versions_under_this_definition(
    stores: Stores, candidate: Manifest
) -> None:
    about = dict(candidate.inputs)
    stores.documents.write(LEAKAGE, {"passed": False}, inputs={**about, "definition": "d2"})
    stores.documents.write(LEAKAGE, {"passed": True}, inputs={**about, "definition": "d1"})
    stores.documents.write(LEAKAGE._replace(partition="2013-02"), {"passed": False}, inputs=about)
    stores.documents.write(LEAKAGE._replace(asset="note"), {"text": "no check"}, inputs=about)
    assert checks_on(stores, CANDIDATE, about, definition="d1") == {"leakage": {"passed": True}}
    assert checks_on(stores, CANDIDATE, {str(FEATURES): "other"}, definition="d1") == {}


@pytest.mark.parametrize(
    ("asset", "inputs", "expected"),
    [
        ("validation_rows", {"raw": "0123"}, True),
        ("features_validation", {"raw": "0123"}, False),
        ("validation_rows", {"m/features/2013-01": "1"}, False),
    ],
)
def test_the_validation_of_a_raw_file_is_told_from_others(asset: str, inputs: dict[str, str], expected: bool) -> None:
    manifest = Manifest(artifact=str(ArtifactKey("m", asset)), version="1", inputs=inputs)
    assert is_validation(manifest) is expected
