"""The model registry: candidates, versions and their aliases, in MLflow.

A model is read as bytes and compared with the hash that was recorded when it was trained. MLflow's own loaders are
never used, because they run whatever the stored model's own description asks for.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from ml_platform.errors import ModelError
from ml_platform.stores.files import to_json
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.model_files import found_files, model_files, read_file, recorded_files, store_files
from ml_platform.stores.mlflow.onnx_model import SHA256_TAG, model_uri, read_onnx, store_onnx, verified
from ml_platform.stores.mlflow.server import clear_errors, masked

if TYPE_CHECKING:
    import pandas as pd

    from ml_platform.stores.ledger import Ledger

CHAMPION, CHALLENGER = "champion", "challenger"

EXPERIMENT = "ml_platform"

PARENT_TAG = "dagster_run_id"
"""dagster-mlflow's tag, by which it finds the run of a Dagster run again. A nested run must not carry it, or the next
step would take that one for the parent."""

EVALUATION, SKOPS = "evaluation.json", "model.skops"

MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
DOCUMENT_NAME = re.compile(r"[A-Za-z0-9_-]+\.json")

Status = Literal["FINISHED", "FAILED", "KILLED"]


@dataclass(frozen=True)
class CandidateRecord:
    """A trained model that was stored and is not registered yet."""

    run_id: str
    model_uri: str
    onnx_sha256: str
    files: Mapping[str, str]
    """SHA-256 of every file that was stored, by name: the documents, skops, and ``model/…`` for the ONNX model's."""


@dataclass(frozen=True)
class ModelVersion:
    """A registered model. The hash is that of the bytes that were trained, recorded outside of the artifact store."""

    model: str
    version: str
    run_id: str
    onnx_sha256: str
    tags: Mapping[str, str]

    def __str__(self) -> str:
        return f"model '{self.model}' version {self.version}"


@dataclass(frozen=True)
class Registry:
    """One MLflow, tracking and registry together. Connects when it is first used.

    Every method may raise RegistryUnavailable, within seconds when nobody answers.

    Attributes
    ----------
    tracking_uri
        SQLite file, database or server.
    ui_url
        Where its UI is, for links; without it a server's own address.
    experiment
        Experiment that all runs go to; made when it is missing.
    artifact_root
        Where that experiment keeps artifacts when it is made; for SQLite the folder ``artifacts`` beside the database,
        otherwise what the server is configured for.
    """

    tracking_uri: str
    ui_url: str | None = None
    experiment: str = EXPERIMENT
    artifact_root: str | None = None

    @cached_property
    def _connection(self) -> Connection:
        return Connection(self.tracking_uri, self.experiment, self.artifact_root)

    def open(self) -> None:
        """Connect now. Makes and migrates an SQLite database, which is safe when several processes do so at once.

        Raises
        ------
        RegistryUnavailable
            Naming the address and what to do.
        """
        _ = self._connection.experiment_id

    def use_for_this_process(self) -> None:
        """Point MLflow's own functions, which dagster-mlflow calls, to this registry."""
        self._connection.use_for_this_process()

    # Candidates

    def log_candidate(
        self,
        *,
        model: str,
        onnx: bytes,
        input_example: pd.DataFrame,
        run_name: str | None = None,
        parent_run_id: str | None = None,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
        documents: Mapping[str, Any] | None = None,
        skops: bytes | None = None,
    ) -> CandidateRecord:
        """Store a trained model in a run of its own, nested in the parent or in the active run.

        The run ends FINISHED when everything was stored, else FAILED.

        Parameters
        ----------
        onnx
            The model; its hash is what later identifies it.
        input_example
            A few rows of features, one column per input in the model's order; signature and example are made of them.
        documents
            File name ending in .json → what it holds, such as ``reference.json``.
        skops
            The pipeline in the skops format, from which scikit-learn comes back.

        Raises
        ------
        ModelError
            When a name or metric cannot be stored, or MLflow did not store the very bytes.
        """
        validate_model_name(model)
        with self.candidate_run(run_name=run_name or model, parent_run_id=parent_run_id, tags=tags) as run_id:
            self._log_figures(run_id, params or {}, metrics or {})
            files = self.log_documents(run_id, documents or {})
            if skops is not None:
                files |= store_files(self._connection, run_id, {SKOPS: skops})
            stored = store_onnx(self._connection, run_id, onnx, input_example)
            return CandidateRecord(run_id, *stored, files | model_files(self._connection, run_id))

    @contextmanager
    def candidate_run(
        self, *, run_name: str, parent_run_id: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Iterator[str]:
        """Open a nested run for a ``with`` block and yield its id; an error in the block makes it FAILED."""
        if PARENT_TAG in (tags or {}):
            raise ValueError(f"a nested run must not carry the tag '{PARENT_TAG}' of its parent")
        experiment_id = self._connection.experiment_id
        self.use_for_this_process()
        import mlflow

        with (
            clear_errors(self.tracking_uri),
            mlflow.start_run(
                run_name=run_name,
                nested=True,
                parent_run_id=parent_run_id,
                experiment_id=experiment_id,
                tags={_tag_name(name): value for name, value in (tags or {}).items()},
            ) as run,
        ):
            yield run.info.run_id

    def log_documents(self, run_id: str, documents: Mapping[str, Any]) -> dict[str, str]:
        """Store documents as JSON files of a run, also of one that has ended, and return the hash of each."""
        for name in documents:
            if not DOCUMENT_NAME.fullmatch(name):
                raise ModelError(f"document name '{name}' must be letters, digits, _ and -, then .json")
        contents = {name: to_json(document) for name, document in documents.items()}
        return store_files(self._connection, run_id, contents)

    def log_evaluation(self, run_id: str, evaluation: Mapping[str, Any]) -> None:
        """Store an evaluation's document with a candidate's run, and its test metrics as MLflow metrics."""
        self.log_documents(run_id, {EVALUATION: evaluation})
        self._log_figures(run_id, {}, evaluation_metrics(evaluation))

    def metrics(self, run_id: str) -> dict[str, float]:
        """Return the metrics of a run as they are now, by name."""
        run = self._connection.ask(lambda client: client.get_run(run_id))
        return dict(run.data.metrics)

    def load_candidate(self, run_id: str, onnx_sha256: str) -> bytes:
        """Return the ONNX model of a run.

        Raises
        ------
        ModelError
            When the run has none, or its bytes are not those of the hash.
        """
        return read_onnx(self._connection, run_id, onnx_sha256, f"the model of run {run_id}")

    # Versions

    def register(self, model: str, *, run_id: str, onnx_sha256: str, tags: Mapping[str, str] | None = None) -> str:
        """Make a candidate a version of the model, call it challenger, and return the version.

        The same candidate registered again, also after a kill half-way, is the same version.

        Raises
        ------
        ModelError
            When the run's stored bytes are not those of the hash.
        """
        validate_model_name(model)
        self.load_candidate(run_id, onnx_sha256)
        version = self._version_of_run(model, run_id, onnx_sha256)
        if version is None:
            version = self._create_version(model, run_id, {**(tags or {}), SHA256_TAG: onnx_sha256})
        self._connection.ask(lambda client: client.set_registered_model_alias(model, CHALLENGER, version))
        return version

    def promote(self, model: str, version: str) -> None:
        """Move the alias champion to a version, in one step: readers see the old champion or the new one.

        Raises
        ------
        ModelError
            When the version does not exist; the champion stays as it was.
        """
        self.version(model, version)
        self._connection.ask(lambda client: client.set_registered_model_alias(model, CHAMPION, version))

    def champion(self, model: str) -> ModelVersion | None:
        """Return the version in production, or None when there is none yet."""
        return self._by_alias(model, CHAMPION)

    def challenger(self, model: str) -> ModelVersion | None:
        """Return the version that was registered last, or None."""
        return self._by_alias(model, CHALLENGER)

    def version(self, model: str, version: str) -> ModelVersion:
        """Return a version by its number.

        Raises
        ------
        ModelError
            When it does not exist, or was not registered by this platform.
        """
        validate_model_name(model)
        found = None
        if re.fullmatch(r"[0-9]{1,9}", str(version)):
            found = self._connection.ask_unless_missing(lambda client: client.get_model_version(model, str(version)))
        if found is None:
            raise ModelError(f"model '{model}' has no version {version} in {masked(self.tracking_uri)}")
        return _to_version(found)

    def load_onnx(self, version: ModelVersion, *, ledger: Ledger | None = None) -> bytes:
        """Return the ONNX model of a version, verified against the hash in its tags and, where given, in the ledger.

        When the ledger is asked too, even who can write to MLflow's artifacts and database cannot exchange a model
        unnoticed.

        Raises
        ------
        ModelError
            Naming model and version when the bytes are gone or are not the recorded ones.
        """
        content = read_onnx(self._connection, version.run_id, version.onnx_sha256, str(version))
        if ledger is not None:
            recorded = ledger.onnx_sha256(version.version)
            if recorded is None:
                raise ModelError(f"{version}: the {ledger} has no record of it, so it is not trusted")
            verified(content, recorded, f"{version}, as recorded in the {ledger}")
        return content

    def load_document(self, version: ModelVersion, name: str, *, ledger: Ledger | None = None) -> Any:
        """Return a JSON document of a version's candidate, verified like `load_onnx`.

        Raises
        ------
        ModelError
            When it is not there, or is not what was recorded.
        """
        what = f"{name} of {version}"
        recorded = recorded_files(self._connection, version.run_id)
        if ledger is not None:
            recorded[name] = ledger.file_sha256(version.version, name) or ""
        return json.loads(read_file(self._connection, version.run_id, name, recorded.get(name, ""), what))

    def files(self, run_id: str) -> dict[str, str]:
        """Return the SHA-256 of every file of a candidate as it is now, by name; empty when the run is gone."""
        return found_files(self._connection, run_id)

    def recorded_files(self, run_id: str) -> dict[str, str]:
        """Return the SHA-256 of every file of a candidate as it was stored, by name."""
        return recorded_files(self._connection, run_id)

    def models(self) -> list[str]:
        """Return the names of all registered models, in order."""
        found = self._connection.ask(lambda client: client.search_registered_models(max_results=1000))
        return sorted(model.name for model in found)

    def versions(self, model: str) -> list[ModelVersion]:
        """Return every registered version, oldest first."""
        validate_model_name(model)
        found = self._connection.ask(lambda client: client.search_model_versions(f"name = '{model}'"))
        return sorted((_to_version(version) for version in found), key=lambda version: int(version.version))

    # Runs

    def finish_parent(self, run_id: str, status: Status) -> None:
        """Give the run of a Dagster run its terminal status, whatever dagster-mlflow has made of it.

        When it failed or was killed, so are nested runs that a killed step has left open.
        """
        self.use_for_this_process()
        import mlflow

        active = mlflow.active_run()
        if active is not None and active.info.run_id == run_id:
            # Otherwise the next Dagster run of this process would be logged into it.
            self._connection.ask(lambda _: mlflow.end_run(status))
        self._connection.ask(lambda client: client.set_terminated(run_id, status))
        if status != "FINISHED":
            still_open = f"tags.mlflow.parentRunId = '{run_id}' and attributes.status = 'RUNNING'"
            for nested in self._connection.search_runs(still_open):
                self._connection.client.set_terminated(nested.info.run_id, status)

    def find_parents(self, dagster_run_id: str) -> list[str]:
        """Return the ids of the runs that stand for a Dagster run: one, if all is well."""
        found = self._connection.search_runs(f"tags.{PARENT_TAG} = '{dagster_run_id}'")
        return [run.info.run_id for run in found]

    def open_parents(self) -> list[tuple[str, str]]:
        """Return MLflow run id and Dagster run id of each parent that has no terminal status yet."""
        running = self._connection.search_runs(f"attributes.status = 'RUNNING' and tags.{PARENT_TAG} LIKE '%'")
        return [(run.info.run_id, run.data.tags[PARENT_TAG]) for run in running]

    def status(self, run_id: str) -> str:
        """Return MLflow's status of a run: RUNNING, FINISHED, FAILED or KILLED."""
        status: str = self._connection.ask(lambda client: client.get_run(run_id)).info.status
        return status

    def ui_link(self, run_id: str) -> str | None:
        """Return the address of a run in MLflow's UI, or None when no UI is known."""
        served = urlsplit(self.tracking_uri).scheme in ("http", "https")
        base = self.ui_url or (re.sub("//[^/]*@", "//", self.tracking_uri) if served else None)
        return f"{base.rstrip('/')}/#/experiments/{self._connection.experiment_id}/runs/{run_id}" if base else None

    # Inside

    def _log_figures(self, run_id: str, params: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
        from mlflow.entities import Metric, Param

        # MLflow stores infinity as 1.8e308, and NaN as 0.
        if wrong := [name for name, value in metrics.items() if not math.isfinite(value)]:
            raise ModelError(f"metrics that are not finite cannot be stored: {', '.join(wrong)}")
        now_ms = int(time.time() * 1000)
        rows = [Metric(name, value, now_ms, 0) for name, value in metrics.items()]
        named = [Param(name, str(value)) for name, value in params.items()]
        self._connection.ask(lambda client: client.log_batch(run_id, rows, named))

    def _version_of_run(self, model: str, run_id: str, onnx_sha256: str) -> str | None:
        query = f"name = '{model}' and run_id = '{run_id}'"
        found = self._connection.ask(lambda client: client.search_model_versions(query))
        same = [int(version.version) for version in found if version.tags.get(SHA256_TAG) == onnx_sha256]
        return str(min(same)) if same else None

    def _create_version(self, model: str, run_id: str, tags: dict[str, str]) -> str:
        from mlflow.exceptions import MlflowException

        try:
            self._connection.ask(lambda client: client.create_registered_model(model))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        source = model_uri(self._connection, run_id, f"model '{model}'")
        model_id = source.removeprefix("models:/")  # a server asks for both
        made = self._connection.ask(
            lambda client: client.create_model_version(model, source, run_id, tags=tags, model_id=model_id)
        )
        return str(made.version)

    def _by_alias(self, model: str, alias: str) -> ModelVersion | None:
        validate_model_name(model)
        # Asked by alias, MLflow answers a missing one with the error code of any bad request. An error taken for
        # "there is no champion yet" would open a gate, so the aliases are read from the model instead.
        found = self._connection.ask_unless_missing(lambda client: client.get_registered_model(model))
        number = found.aliases.get(alias) if found is not None else None
        return self.version(model, number) if number is not None else None


def evaluation_metrics(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics that MLflow keeps of an evaluation, by their names there."""
    return {
        f"test_{name}{suffix}": estimate[key]
        for name, estimate in evaluation["baseline"]["candidate"].items()
        for key, suffix in (("value", ""), ("low", "_low"), ("high", "_high"))
    }


def validate_model_name(name: str) -> None:
    """Reject names that MLflow takes and file systems and addresses do not.

    Raises
    ------
    ModelError
        Naming the rule.
    """
    if not MODEL_NAME.fullmatch(name):
        raise ModelError(f"model name {name[:120]!r} must be letters, digits, _ and -, at most 100")


def _to_version(found: Any) -> ModelVersion:
    sha256 = found.tags.get(SHA256_TAG)
    if not sha256:
        raise ModelError(
            f"model '{found.name}' version {found.version} has no tag '{SHA256_TAG}': it was not registered by this "
            "platform, and cannot be verified. Move its aliases to a version that was"
        )
    return ModelVersion(found.name, str(found.version), found.run_id, sha256, dict(found.tags))


def _tag_name(name: str) -> str:
    """Return the name with what MLflow does not allow in one replaced."""
    return re.sub(r"[^\w\-. :/]", "_", name)
