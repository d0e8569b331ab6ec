"""ONNX in MLflow: logged as a model that MLflow's UI understands, and compared with its hash right after."""

from typing import Any

import mlflow
import mlflow.onnx
import numpy as np
import onnx
import onnxruntime
import pandas as pd

from ml_platform.errors import ModelError
from ml_platform.stores.files import digest
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.model_files import MODEL_URI_TAG, SHA256_TAG, read_onnx
from ml_platform.stores.mlflow.server import without_its_own_warnings
from ml_platform.training.model_input import as_model_input


def store_onnx(connection: Connection, run_id: str, content: bytes, input_example: pd.DataFrame) -> tuple[str, str]:
    """Log a model into the active run and return its address and hash.

    ModelError is raised when MLflow has not stored the very bytes.
    """
    feed, outputs = example(content, input_example)
    with without_its_own_warnings():
        stored = mlflow.onnx.log_model(
            onnx.load_model_from_string(content),
            name="model",
            signature=mlflow.models.infer_signature(feed, outputs),
            input_example=feed,
            pip_requirements=["onnxruntime"],  # given, so that MLflow does not load the model to find out
            onnx_execution_providers=["CPUExecutionProvider"],
            save_as_external_data=False,
        )
    sha256 = digest(content)
    for name, value in {MODEL_URI_TAG: stored.model_uri, SHA256_TAG: sha256}.items():
        connection.client.set_tag(run_id, name, value)
    read_onnx(connection, run_id, sha256, f"the model of run {run_id}")
    return stored.model_uri, sha256


def example(content: bytes, frame: pd.DataFrame) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return rows of features as the model's inputs ``(n, 1)``, and its outputs for them."""
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
