"""Small candidates and versions in a real MLflow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlflow

from ml_platform.stores.mlflow.entities import CandidateRecord, ModelVersion
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.small_model import EXAMPLE, small_model


def candidate(stores: Stores, model: str, weight: float = 0.5, **extra: Any) -> CandidateRecord:
    return stores.runs.log_candidate(model=model, onnx=small_model(weight), input_example=EXAMPLE, **extra)


def registered(stores: Stores, model: str, weight: float = 0.5) -> ModelVersion:
    record = candidate(stores, model, weight)
    number = stores.registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    return stores.registry.version(model, number)


def artifact(version: ModelVersion, stores: Stores) -> Path:
    """Where MLflow keeps the model's file."""
    client = mlflow.MlflowClient(stores.mlflow.tracking_uri)
    uri = client.get_run(version.run_id).data.tags["onnx_model_uri"]
    found = client.get_logged_model(uri.removeprefix("models:/"))
    return local_artifact(stores, f"{found.artifact_location}/model.onnx")


def local_artifact(stores: Stores, address: str) -> Path:
    """Return the file of an artifact in the local object store."""
    path = ObjectStore(stores.installation.store_url).local_path(address.removeprefix("ml-platform:/"))
    assert path is not None
    return path
