"""The files of a candidate in MLflow, and the hash of each: kept in MLflow's database, apart from its artifacts.

A model is read as bytes and compared with the hash that was recorded when it was trained. MLflow's own loaders are
never used, because they run whatever the stored model's own description asks for.
"""

import json
from collections.abc import Mapping

from mlflow.exceptions import MlflowException

from ml_platform.errors import ModelError
from ml_platform.stores.files import digest
from ml_platform.stores.mlflow.connection import Connection

FILES_TAG = "files_sha256"
"""On runs: JSON of name and hash of every file that the platform stored with it."""

SHA256_TAG = "onnx_sha256"
"""On runs and versions: hash of the model's bytes."""

MODEL_URI_TAG = "onnx_model_uri"

MODEL = "model/"
"""Before the names of the files of the ONNX model, which MLflow keeps in a folder of its own."""


def store_files(connection: Connection, run_id: str, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Store files with a run, record their hashes, and return them."""
    for name, content in contents.items():
        connection.upload(run_id, name, content)
    return _record(connection, run_id, {name: digest(content) for name, content in contents.items()})


def record_model_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Record the hashes of all files that MLflow has made of the run's model, and return them."""
    return _record(connection, run_id, _hash_model(connection, run_id))


def recorded_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Return the hashes that were recorded for a run."""
    return dict(json.loads((_tags(connection, run_id) or {}).get(FILES_TAG, "{}")))


def found_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Return the hashes of a run's files as they are now; empty when the run is gone."""
    if _tags(connection, run_id) is None:
        return {}
    own = connection.download(f"runs:/{run_id}/", f"the files of run {run_id}")
    return {name: digest(content) for name, content in own.items()} | _hash_model(connection, run_id)


def read_file(connection: Connection, run_id: str, name: str, sha256: str, what: str) -> bytes:
    """Return a file of a run; ModelError, which begins with `what`, when its bytes are not those of the hash."""
    return verified(connection.download(f"runs:/{run_id}/{name}", what)[""], sha256, what)


def read_onnx(connection: Connection, run_id: str, sha256: str, what: str) -> bytes:
    """Return likewise the ONNX model of a run."""
    folder = _model_folder(connection, run_id, what)
    return verified(connection.download(f"{folder}/model.onnx", what)[""], sha256, what)


def model_uri(connection: Connection, run_id: str, what: str) -> str:
    """Return the address of the model of a run, or raise ModelError when there is no such run or it holds none."""
    uri = (_tags(connection, run_id) or {}).get(MODEL_URI_TAG)
    if uri is None:
        raise ModelError(f"{what} cannot be found: MLflow run {run_id} holds no model")
    return uri


def verified(content: bytes, sha256: str, what: str) -> bytes:
    """Return the content when it has the hash, else raise ModelError."""
    found = digest(content)
    if found != sha256:
        raise ModelError(
            f"{what}: what is stored has sha256 {found[:12]}…, recorded was {sha256[:12] or 'none'}…. It is not "
            "loaded. Restore the artifact from a backup, or promote another version"
        )
    return content


def _tags(connection: Connection, run_id: str) -> dict[str, str] | None:
    """Return the tags of a run, or None when there is no such run."""
    run = connection.ask_unless_missing(lambda client: client.get_run(run_id))
    return None if run is None else dict(run.data.tags)


def _model_folder(connection: Connection, run_id: str, what: str) -> str:
    """Return the address of the folder that holds the model of a run."""
    uri = model_uri(connection, run_id, what)
    try:
        # The address models:/<id> names the model as a whole; files in it are reached by where it is.
        stored = connection.ask(lambda client: client.get_logged_model(uri.removeprefix("models:/")))
    except MlflowException as error:
        raise ModelError(f"{what} cannot be found in MLflow ({uri}): {error.message}") from None
    location: str = stored.artifact_location
    return location


def _hash_model(connection: Connection, run_id: str) -> dict[str, str]:
    what = f"the model of run {run_id}"
    contents = connection.download(_model_folder(connection, run_id, what), what)
    return {MODEL + name: digest(content) for name, content in contents.items()}


def _record(connection: Connection, run_id: str, hashes: Mapping[str, str]) -> dict[str, str]:
    recorded = json.dumps({**recorded_files(connection, run_id), **hashes}, sort_keys=True)
    connection.ask(lambda client: client.set_tag(run_id, FILES_TAG, recorded))
    return dict(hashes)
