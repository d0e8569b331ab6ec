"""One MLflow: its client, an experiment for each model, and the files of runs."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from ml_platform.errors import ModelError, RegistryUnavailable
from ml_platform.stores.mlflow.addresses import VIEW, is_server, masked
from ml_platform.stores.mlflow.artifacts import ROOT, STORES
from ml_platform.stores.mlflow.environment import set_defaults
from ml_platform.stores.mlflow.server import clear_errors, reach

T = TypeVar("T")

KIND = {"mlflow.experimentKind": "custom_model_development"}
"""Tag by which MLflow's UI shows an experiment's runs, and not the traces of a language model."""


@dataclass(frozen=True)
class Connection:
    """Connects when it is first used. Every method may raise RegistryUnavailable, within seconds."""

    tracking_uri: str
    """SQLite file, database or server."""
    ui_url: str | None = None
    """Address of the UI, for links; without it a server's own address."""
    store_url: str | None = None
    """Object store that keeps the artifacts, unless MLflow is a server, which has its own configuration."""
    _experiments: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Id of each model's experiment, as far as it was asked for."""

    def open(self) -> None:
        """Connect now. Makes and migrates an SQLite database, which is safe when several processes do so at once."""
        _ = self.client

    def use_for_this_process(self) -> None:
        """Point MLflow's own functions, which dagster-mlflow calls too, to this MLflow."""
        set_defaults()
        mlflow.set_tracking_uri(self.tracking_uri)
        mlflow.set_registry_uri(self.tracking_uri)

    @cached_property
    def client(self) -> MlflowClient:
        """MLflow's client, once it is known that somebody answers."""
        reach(self.tracking_uri)
        if self.store_url is not None:
            STORES[self.tracking_uri] = self.store_url
        return MlflowClient(self.tracking_uri, self.tracking_uri)

    def experiment_id(self, model: str) -> str:
        """Return the experiment that the runs of a model go to; it is made when it is missing."""
        if model not in self._experiments:
            found = self.ask(lambda client: client.get_experiment_by_name(model)) or self._create_experiment(model)
            if found.lifecycle_stage == "deleted":
                raise RegistryUnavailable(
                    f"MLflow's experiment '{model}' in {masked(self.tracking_uri)} was deleted. "
                    f"Restore it: mlflow experiments restore --experiment-id {found.experiment_id}"
                )
            self._experiments[model] = found.experiment_id
        return self._experiments[model]

    def ask(self, question: Callable[[MlflowClient], T]) -> T:
        """Return the answer to a question to the client."""
        client = self.client
        with clear_errors(self.tracking_uri):
            return question(client)

    def ask_unless_missing(self, question: Callable[[MlflowClient], T]) -> T | None:
        """Return the answer, or None when MLflow knows no such run, model or version."""
        try:
            return self.ask(question)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise

    def search_runs(self, query: str) -> list[Any]:
        """Return the runs of every experiment that MLflow's filter finds, newest first, at most 1,000."""
        _ = self.client
        self.use_for_this_process()
        every = [one.experiment_id for one in self.ask(lambda _: mlflow.search_experiments())]
        return list(self.ask(lambda client: client.search_runs(every, query)))

    def run_link(self, model: str, run_id: str) -> str | None:
        """Return the address of a run in MLflow's UI, or None when no UI is known."""
        return f"{self._ui}/#/experiments/{self.experiment_id(model)}/runs/{run_id}{VIEW}" if self._ui else None

    def version_link(self, model: str, version: str) -> str | None:
        """Return the address of a model version in MLflow's UI, or None when no UI is known."""
        return f"{self._ui}/#/models/{model}/versions/{version}{VIEW}" if self._ui else None

    @property
    def _ui(self) -> str | None:
        base = self.ui_url or (re.sub("//[^/]*@", "//", self.tracking_uri) if is_server(self.tracking_uri) else None)
        return base.rstrip("/") if base else None

    def upload(self, run_id: str, name: str, content: bytes) -> None:
        """Store a file with a run, also with one that has ended."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(content)
            self.ask(lambda client: client.log_artifact(run_id, str(file)))

    def download(self, uri: str, what: str) -> dict[str, bytes]:
        """Return the content of every file below an address, by relative path; of a single file, by an empty one.

        ModelError, when it cannot be read, begins with `what`.
        """
        self.use_for_this_process()
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = self.ask(lambda _: mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder))
                root = Path(found)
                if root.is_file():
                    return {"": root.read_bytes()}
                files = sorted(path for path in root.rglob("*") if path.is_file())
                return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
            except (MlflowException, OSError) as error:
                reason = " ".join(str(error).split())
                raise ModelError(f"{what} cannot be read from MLflow's artifacts ({uri}): {reason}") from None

    def _create_experiment(self, model: str) -> Any:
        # Without this MLflow puts artifacts into the folder that the process happens to be in.
        location = None if is_server(self.tracking_uri) else ROOT
        try:
            self.ask(lambda client: client.create_experiment(model, artifact_location=location, tags=KIND))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":  # another process was faster
                raise
        return self.ask(lambda client: client.get_experiment_by_name(model))
