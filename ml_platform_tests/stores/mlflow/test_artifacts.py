"""MLflow's artifacts lie in the object store, in a folder and in a bucket, and MLflow's own server finds them there."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import mlflow
import pytest
from mlflow.exceptions import MlflowException

from ml_platform.errors import ModelError
from ml_platform.stores.installation import STORE, Installation
from ml_platform.stores.mlflow.artifacts import ROOT, STORES, ObjectStoreArtifacts
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import candidate, registered
from ml_platform_tests.stores.mlflow.processes import server
from ml_platform_tests.stores.small_model import small_model


@pytest.fixture
def artifacts(store_url: str, monkeypatch: pytest.MonkeyPatch) -> ObjectStoreArtifacts:
    monkeypatch.setenv(STORE, store_url)
    return ObjectStoreArtifacts(f"{ROOT}/run/artifacts", "sqlite:///unknown.db")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.json", "model/b c.onnx", "model/deep/ü.txt"):
        (tmp_path / "local" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "local" / name).write_text(name)
    return tmp_path / "local"


def test_files_and_folders_come_back(artifacts: ObjectStoreArtifacts, folder: Path, tmp_path: Path) -> None:
    artifacts.log_artifacts(str(folder))
    artifacts.log_artifact(str(folder / "a.json"), "more")
    listed = [(info.path, info.is_dir, info.file_size) for info in artifacts.list_artifacts()]
    assert listed == [("a.json", False, 6), ("model", True, None), ("more", True, None)]
    assert [info.path for info in artifacts.list_artifacts("model")] == ["model/b c.onnx", "model/deep"]
    assert artifacts.list_artifacts("a.json") == []
    (tmp_path / "all").mkdir()
    root = Path(artifacts.download_artifacts("", str(tmp_path / "all")))
    found = {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}
    assert found == {
        "a.json": "a.json",
        "model/b c.onnx": "model/b c.onnx",
        "model/deep/ü.txt": "model/deep/ü.txt",
        "more/a.json": "a.json",
    }


def test_a_file_and_a_folder_are_deleted_and_nothing_else(artifacts: ObjectStoreArtifacts, folder: Path) -> None:
    artifacts.log_artifacts(str(folder))
    artifacts.log_artifact(str(folder / "a.json"), "model2")
    artifacts.delete_artifacts("model")
    artifacts.delete_artifacts("a.json")
    assert [info.path for info in artifacts.list_artifacts()] == ["model2"]


def test_a_missing_artifact_is_named(artifacts: ObjectStoreArtifacts, tmp_path: Path) -> None:
    with pytest.raises(MlflowException, match=r"mlflow/run/artifacts/model\.onnx"):
        artifacts.download_artifacts("model.onnx", str(tmp_path))


@pytest.mark.parametrize("path", ["../other/model.onnx", "a/../../other", "/etc/passwd"])
def test_no_address_leads_out_of_the_run(artifacts: ObjectStoreArtifacts, path: str, tmp_path: Path) -> None:
    with pytest.raises(MlflowException):
        artifacts._download_file(path, str(tmp_path / "stolen"))
    with pytest.raises(MlflowException):
        artifacts.list_artifacts(path)


@pytest.fixture
def stores(store_url: str, tmp_path: Path) -> Iterator[Stores]:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    yield Stores(Installation(tmp_path, uri, store_url=store_url))
    STORES.pop(uri, None)
    mlflow.set_tracking_uri(None)
    mlflow.set_registry_uri(None)


def test_a_candidate_lies_in_the_object_store_and_a_lost_file_of_it_is_named(stores: Stores, store_url: str) -> None:
    version = registered(stores, "small")
    assert stores.registry.load_onnx(version) == small_model()
    objects = ObjectStore(store_url)
    (model,) = [one.key for one in objects.list("mlflow") if one.key.endswith("/model.onnx")]
    assert objects.get(model) == small_model()
    objects.delete(model)
    with pytest.raises(ModelError, match="model 'small' version 1 cannot be read"):
        stores.registry.load_onnx(version)


def test_mlflows_database_holds_no_path_of_this_machine(stores: Stores, tmp_path: Path) -> None:
    registered(stores, "small")
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        values = {
            (table, str(value))
            for table in tables
            for row in database.execute(f'SELECT * FROM "{table}"')
            for value in row
        }
    database.close()
    ours = [(table, value) for table, value in values if str(tmp_path) in value or "file:" in value]
    assert ours == []
    addresses = {table: value for table, value in values if value.startswith(ROOT)}
    assert {"experiments", "runs", "logged_models", "model_versions"} <= set(addresses)


@pytest.mark.processes
def test_mlflows_server_lists_and_sends_what_lies_in_the_object_store(
    stores: Stores, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = candidate(stores, "small", documents={"reference.json": {"n_rows": 3}})
    monkeypatch.setenv(STORE, store_url)
    with server(tmp_path, stores.mlflow.tracking_uri) as url:
        listed = json.loads(get(f"{url}/api/2.0/mlflow/artifacts/list?run_id={record.run_id}"))
        assert [file["path"] for file in listed["files"]] == ["reference.json"]
        assert json.loads(get(f"{url}/get-artifact?run_id={record.run_id}&path=reference.json")) == {"n_rows": 3}
        model_id = record.model_uri.removeprefix("models:/")
        ajax = f"{url}/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts"
        listed = json.loads(get(f"{ajax}/directories"))
        assert "model.onnx" in [file["path"] for file in listed["files"]]
        assert get(f"{ajax}/files?artifact_file_path=model.onnx") == small_model()


def get(url: str) -> bytes:
    with urlopen(url, timeout=30) as reply:
        content: bytes = reply.read()
    return content
