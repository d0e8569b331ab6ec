"""The files of a candidate in MLflow, and the hash of each: kept in MLflow's database, apart from its artifacts."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ml_platform.stores.files import digest
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.onnx_model import model_folder, verified

FILES_TAG = "files_sha256"
"""On runs: JSON of name and hash of every file that the platform stored with it."""

MODEL = "model/"
"""Before the names of the files of the ONNX model, which MLflow keeps in a folder of its own."""


def store_files(connection: Connection, run_id: str, contents: Mapping[str, bytes]) -> dict[str, str]:
    """Store files with a run, record their hashes, and return them."""
    for name, content in contents.items():
        connection.upload(run_id, name, content)
    return _record(connection, run_id, {name: digest(content) for name, content in contents.items()})


def model_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Record the hashes of all that MLflow has made of the run's model, and return them."""
    return _record(connection, run_id, _hash_model(connection, run_id))


def recorded_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Return the hashes that were recorded for a run."""
    run = connection.ask_unless_missing(lambda client: client.get_run(run_id))
    tag: str | None = run.data.tags.get(FILES_TAG) if run is not None else None
    return dict(json.loads(tag)) if tag else {}


def found_files(connection: Connection, run_id: str) -> dict[str, str]:
    """Return the hashes of a run's files as they are now; empty when the run is gone.

    Raises
    ------
    ModelError
        When they cannot be read.
    """
    if connection.ask_unless_missing(lambda client: client.get_run(run_id)) is None:
        return {}
    what = f"the files of run {run_id}"
    own = connection.download_all(f"runs:/{run_id}/", what)
    return {name: digest(content) for name, content in own.items()} | _hash_model(connection, run_id)


def read_file(connection: Connection, run_id: str, name: str, sha256: str, what: str) -> bytes:
    """Return a file of a run.

    Raises
    ------
    ModelError
        When it is gone, or its bytes are not those of the hash; the message starts with `what`.
    """
    return verified(connection.download(f"runs:/{run_id}/{name}", what), sha256, what)


def _hash_model(connection: Connection, run_id: str) -> dict[str, str]:
    what = f"the model of run {run_id}"
    contents = connection.download_all(model_folder(connection, run_id, what), what)
    return {MODEL + name: digest(content) for name, content in contents.items()}


def _record(connection: Connection, run_id: str, hashes: Mapping[str, str]) -> dict[str, str]:
    recorded = json.dumps({**recorded_files(connection, run_id), **hashes}, sort_keys=True)
    connection.ask(lambda client: client.set_tag(run_id, FILES_TAG, recorded))
    return dict(hashes)
