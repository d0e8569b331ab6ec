"""A real MLflow on SQLite, shared by the tests of a module; each uses a model of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import mlflow
import pytest

from ml_platform.stores.installation import Installation
from ml_platform.stores.mlflow.entities import DAGSTER_RUN
from ml_platform.stores.stores import Stores


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    before = os.environ.get("MLFLOW_TRACKING_URI")
    folder = tmp_path_factory.mktemp("mlflow")
    made = Stores(Installation(folder, f"sqlite:///{folder / 'new' / 'mlflow.db'}", mlflow_ui="http://127.0.0.1:5000/"))
    made.mlflow.open()
    yield made
    mlflow.set_tracking_uri(None)  # MLflow keeps it in the environment, where other tests would find it
    mlflow.set_registry_uri(None)
    if before is not None:
        os.environ["MLFLOW_TRACKING_URI"] = before


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    return request.node.originalname[:60]


@pytest.fixture
def opened(stores: Stores, model: str) -> str:
    """What dagster-mlflow does: an open run that carries Dagster's run id."""
    experiment = stores.mlflow.experiment_id(model)
    run_id: str = stores.mlflow.client.create_run(experiment, tags={DAGSTER_RUN: f"of {model}"}).info.run_id
    return run_id
