"""The champion comes back from its lineage, byte for byte, also after its data was corrected; or it is rejected."""

from __future__ import annotations

from pathlib import Path

import mlflow
import numpy as np
import pytest

from ml_platform.errors import DataError, ModelError, WrongCall
from ml_platform.lineage.definition import CODE, DEFINITION
from ml_platform.pipeline.rebuild import rebuild
from ml_platform.pipeline.scorer import score
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.manifests import is_of
from ml_platform_tests.history import History
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS
from ml_platform_tests.stores.mlflow.candidates import local_artifact


def test_the_champion_is_trained_again_and_predicts_the_same(history: History, tmp_path: Path) -> None:
    stores, into = history.place.stores, tmp_path / "clean"
    rebuilt = rebuild(stores, "flights", None, into, folder=FLIGHTS)
    assert rebuilt.identical
    assert rebuilt.max_abs_difference == 0
    assert rebuilt.n_rows == history.training[ArtifactKey("flights", "labels", "2013-01")][1]["label"].notna().sum()
    features = next(
        manifest
        for manifest in stores.manifests.select(*is_of(ArtifactKey("flights", "features", "2013-02"))).values()
        if manifest.version == history.before["features"]["version"]
    )
    frame = stores.tables.read_version(features)
    scored = stores.tables.read_version(history.predictions)
    np.testing.assert_array_equal(score((into / "model.onnx").read_bytes(), frame), scored["score"])
    for file in ("defs.yaml", "contract_flights.yaml", CODE):
        assert (into / "definition" / file).read_text() == (FLIGHTS / file).read_text()


def test_other_code_is_named_and_the_stored_code_is_not_executed(history: History, tmp_path: Path) -> None:
    changed = tmp_path / "flights"
    changed.mkdir()
    (changed / CODE).write_text("raise SystemExit('executed')")
    stores = history.place.stores
    rebuilt = rebuild(stores, "flights", "1", tmp_path / "clean", folder=changed)
    assert rebuilt.identical
    assert f"{changed / CODE} is not the file that made its features" in rebuilt.code_differs[-1]
    object.__setattr__(stores, "code", "f" * 40)
    rebuilt = rebuild(stores, "flights", "1", tmp_path / "again", folder=FLIGHTS)
    assert rebuilt.code_differs == (f"the model was trained by commit {rebuilt.recorded_code}, this is {'f' * 40}",)


def test_a_changed_definition_is_rejected(history: History, tmp_path: Path) -> None:
    """Whoever exchanges the stored definition exchanges what is trained, so its hash is the ledger's."""
    run_id = history.before["trained"]["mlflow_run"]
    uri = mlflow.MlflowClient(history.place.stores.mlflow.tracking_uri).get_run(run_id).info.artifact_uri
    file = local_artifact(history.place.stores, f"{uri}/{DEFINITION}")
    intact = file.read_bytes()
    try:
        file.write_bytes(intact.replace(b"greater_than", b"greater_thaN", 1))
        with pytest.raises(ModelError, match=f"{DEFINITION} of model 'flights' version 1: what is stored has sha256"):
            rebuild(history.place.stores, "flights", "1", tmp_path / "clean", folder=FLIGHTS)
    finally:
        file.write_bytes(intact)


def test_a_damaged_table_is_rejected(history: History, copied: Place, tmp_path: Path) -> None:
    artifact, (manifest, rows) = next(iter(history.training.items()))
    rows.assign(distance=1.0).to_parquet(copied.stores.tables.where(artifact, manifest.version))
    with pytest.raises(DataError, match=r"features/2013-01/.*: .*column 'distance' has values that differ"):
        rebuild(copied.stores, "flights", "1", tmp_path / "clean", folder=FLIGHTS)


def test_a_folder_with_something_in_it_and_an_unknown_version_are_rejected(history: History, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="model 'flights' has no version 7"):
        rebuild(history.place.stores, "flights", "7", tmp_path / "clean", folder=FLIGHTS)
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(WrongCall, match="is not empty"):
        rebuild(history.place.stores, "flights", "1", tmp_path, folder=FLIGHTS)
