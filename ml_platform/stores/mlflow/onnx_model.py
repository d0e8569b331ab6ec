"""ONNX in MLflow: logged as a model that MLflow's UI understands, read back as bytes whose hash is known."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ml_platform.errors import ModelError
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.server import without_its_own_warnings

if TYPE_CHECKING:
    import pandas as pd

SHA256_TAG = "onnx_sha256"
"""On runs and versions: hash of the model's bytes, kept in MLflow's database, apart from its artifacts."""

MODEL_URI_TAG = "onnx_model_uri"


def store_onnx(connection: Connection, run_id: str, content: bytes, input_example: pd.DataFrame) -> tuple[str, str]:
    """Log a model into the active run and return its address and hash.

    Raises
    ------
    ModelError
        When what MLflow has stored is not the very bytes.
    """
    import onnx

    with without_its_own_warnings():
        import mlflow.onnx
        import mlflow.pyfunc

    feed, outputs = example(content, input_example)
    stored = mlflow.onnx.log_model(
        onnx.load_model_from_string(content),
        name="model",
        signature=mlflow.models.infer_signature(feed, outputs),
        input_example=feed,
        pip_requirements=["onnxruntime"],  # given, so that MLflow does not load the model to find out
        onnx_execution_providers=["CPUExecutionProvider"],
        save_as_external_data=False,
    )
    sha256 = hashlib.sha256(content).hexdigest()
    tags = {MODEL_URI_TAG: stored.model_uri, SHA256_TAG: sha256}
    for name, value in tags.items():
        connection.client.set_tag(run_id, name, value)
    read_onnx(connection, run_id, sha256, f"the model of run {run_id}")
    return stored.model_uri, sha256


def read_onnx(connection: Connection, run_id: str, sha256: str, what: str) -> bytes:
    """Return the model of a run.

    Raises
    ------
    ModelError
        When it is gone, or its bytes are not those of the hash; the message starts with `what`.
    """
    return verified(connection.download(f"{model_folder(connection, run_id, what)}/model.onnx", what), sha256, what)


def model_folder(connection: Connection, run_id: str, what: str) -> str:
    """Return the address of the folder that holds the model of a run.

    Raises
    ------
    ModelError
        When the run or the model is gone.
    """
    from mlflow.exceptions import MlflowException

    uri = model_uri(connection, run_id, what)
    try:
        # The address models:/<id> names the model as a whole; files in it are reached by where it is.
        stored = connection.ask(lambda client: client.get_logged_model(uri.removeprefix("models:/")))
    except MlflowException as error:
        raise ModelError(f"{what} cannot be found in MLflow ({uri}): {error.message}") from None
    location: str = stored.artifact_location
    return location


def model_uri(connection: Connection, run_id: str, what: str) -> str:
    """Return the address of the model of a run.

    Raises
    ------
    ModelError
        When the run does not exist or holds none.
    """
    run = connection.ask_unless_missing(lambda client: client.get_run(run_id))
    uri: str | None = run.data.tags.get(MODEL_URI_TAG) if run is not None else None
    if uri is None:
        raise ModelError(f"{what} cannot be found: MLflow run {run_id} holds no model")
    return uri


def verified(content: bytes, sha256: str, what: str) -> bytes:
    """Return the content when it has the hash.

    Raises
    ------
    ModelError
        When it has another.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(
            f"{what}: what is stored has sha256 {found[:12]}…, recorded was {sha256[:12] or 'none'}…. It is not "
            "loaded. Restore the artifact from a backup, or promote another version"
        )
    return content


def example(content: bytes, frame: pd.DataFrame) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return rows of features as the model's inputs ``(n, 1)``, and what it answers to them."""
    import numpy as np
    import onnxruntime

    from ml_platform.training.model_input import as_model_input

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    texts = [node.type == "tensor(string)" for node in session.get_inputs()]
    if len(texts) != frame.shape[1]:
        raise ModelError(f"the model takes {len(texts)} inputs; the input example has {frame.shape[1]} columns")
    kinds = {name: "category" if text else "number" for name, text in zip(frame.columns, texts, strict=True)}
    columns = as_model_input(frame, kinds)
    # ONNX may have renamed the inputs, so they go by place; MLflow's signatures know NumPy's strings, not objects.
    feed = {
        node.name: columns.iloc[:, [place]].to_numpy(dtype=str if texts[place] else np.float32)
        for place, node in enumerate(session.get_inputs())
    }
    names = [node.name for node in session.get_outputs()]
    return feed, dict(zip(names, session.run(names, feed), strict=True))
