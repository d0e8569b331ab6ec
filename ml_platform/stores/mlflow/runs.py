"""MLflow's runs: one nested run for each candidate, and the parent that stands for a Dagster run."""

import math
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Metric, Param

from ml_platform.errors import ModelError
from ml_platform.stores.files import to_json
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.entities import (
    EVALUATION,
    PARENT_TAG,
    SKOPS,
    CandidateRecord,
    Status,
    evaluation_metrics,
    validate_model_name,
)
from ml_platform.stores.mlflow.model_files import (
    found_files,
    read_onnx,
    record_model_files,
    recorded_files,
    store_files,
)
from ml_platform.stores.mlflow.server import clear_errors

DOCUMENT_NAME = re.compile(r"[A-Za-z0-9_-]+\.json")


@dataclass(frozen=True)
class Runs:
    """The runs of one MLflow. Every method may raise RegistryUnavailable."""

    connection: Connection

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
        input_example
            A few rows of features, one column per input in the model's order; signature and example are made of them.
        documents
            File name ending in .json → its content, such as ``reference.json``.
        skops
            The pipeline in the skops format, which scikit-learn reads.

        Raises
        ------
        ModelError
            When a name or metric cannot be stored, or MLflow did not store the very bytes.
        """
        from ml_platform.stores.mlflow.onnx_model import store_onnx

        validate_model_name(model)
        with self.candidate_run(run_name=run_name or model, parent_run_id=parent_run_id, tags=tags) as run_id:
            self._log_figures(run_id, params or {}, metrics or {})
            files = self.log_documents(run_id, documents or {})
            if skops is not None:
                files |= store_files(self.connection, run_id, {SKOPS: skops})
            stored = store_onnx(self.connection, run_id, onnx, input_example)
            return CandidateRecord(run_id, *stored, files | record_model_files(self.connection, run_id))

    @contextmanager
    def candidate_run(
        self, *, run_name: str, parent_run_id: str | None = None, tags: Mapping[str, str] | None = None
    ) -> Iterator[str]:
        """Open a nested run for a ``with`` block and yield its id; an error in the block makes it FAILED."""
        if PARENT_TAG in (tags or {}):
            raise ValueError(f"a nested run must not carry the tag '{PARENT_TAG}' of its parent")
        experiment_id = self.connection.experiment_id
        self.connection.use_for_this_process()
        with (
            clear_errors(self.connection.tracking_uri),
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
        return store_files(self.connection, run_id, contents)

    def log_evaluation(self, run_id: str, evaluation: Mapping[str, Any]) -> None:
        """Store an evaluation's document with a candidate's run, and its test metrics as MLflow metrics."""
        self.log_documents(run_id, {EVALUATION: evaluation})
        self._log_figures(run_id, {}, evaluation_metrics(evaluation))

    def metrics(self, run_id: str) -> dict[str, float]:
        """Return the metrics of a run as they are now, by name."""
        run = self.connection.ask(lambda client: client.get_run(run_id))
        return dict(run.data.metrics)

    def load_candidate(self, run_id: str, onnx_sha256: str) -> bytes:
        """Return the ONNX model of a run, or raise ModelError when its bytes are not those of the hash."""
        return read_onnx(self.connection, run_id, onnx_sha256, f"the model of run {run_id}")

    def files(self, run_id: str) -> dict[str, str]:
        """Return the SHA-256 of every file of a candidate as it is now, by name; empty when the run is gone."""
        return found_files(self.connection, run_id)

    def recorded_files(self, run_id: str) -> dict[str, str]:
        """Return the SHA-256 of every file of a candidate as it was stored, by name."""
        return recorded_files(self.connection, run_id)

    def finish_parent(self, run_id: str, status: Status) -> None:
        """Give the run of a Dagster run its terminal status, whatever dagster-mlflow has made of it.

        When it failed or was killed, so are nested runs that a killed step has left open.
        """
        self.connection.use_for_this_process()
        active = mlflow.active_run()
        if active is not None and active.info.run_id == run_id:
            # Otherwise the next Dagster run of this process would be logged into it.
            self.connection.ask(lambda _: mlflow.end_run(status))
        self.connection.ask(lambda client: client.set_terminated(run_id, status))
        if status != "FINISHED":
            still_open = f"tags.mlflow.parentRunId = '{run_id}' and attributes.status = 'RUNNING'"
            for nested in self.connection.search_runs(still_open):
                self.connection.client.set_terminated(nested.info.run_id, status)

    def find_parents(self, dagster_run_id: str) -> list[str]:
        """Return the ids of the runs that stand for a Dagster run: one, if all is well."""
        found = self.connection.search_runs(f"tags.{PARENT_TAG} = '{dagster_run_id}'")
        return [run.info.run_id for run in found]

    def open_parents(self) -> list[tuple[str, str]]:
        """Return MLflow run id and Dagster run id of each parent that has no terminal status yet."""
        running = self.connection.search_runs(f"attributes.status = 'RUNNING' and tags.{PARENT_TAG} LIKE '%'")
        return [(run.info.run_id, run.data.tags[PARENT_TAG]) for run in running]

    def _log_figures(self, run_id: str, params: Mapping[str, Any], metrics: Mapping[str, float]) -> None:
        # MLflow stores infinity as 1.8e308, and NaN as 0.
        if wrong := [name for name, value in metrics.items() if not math.isfinite(value)]:
            raise ModelError(f"metrics that are not finite cannot be stored: {', '.join(wrong)}")
        now_ms = int(time.time() * 1000)
        rows = [Metric(name, value, now_ms, 0) for name, value in metrics.items()]
        named = [Param(name, str(value)) for name, value in params.items()]
        self.connection.ask(lambda client: client.log_batch(run_id, rows, named))


def _tag_name(name: str) -> str:
    """Return the name with the characters replaced that MLflow does not allow."""
    return re.sub(r"[^\w\-. :/]", "_", name)
