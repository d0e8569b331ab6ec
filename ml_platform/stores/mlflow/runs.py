"""MLflow's runs: one for each candidate. It is also the one that dagster-mlflow has opened for the Dagster run."""

import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import mlflow
import pandas as pd
from mlflow.entities import Metric, Param, Run, RunTag

from ml_platform.errors import ModelError
from ml_platform.stores.files import to_json
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.entities import (
    DAGSTER_RUN,
    DECISION,
    DESCRIPTION,
    EVALUATION,
    SKOPS,
    CandidateRecord,
    Status,
    decision_tags,
    decision_text,
    evaluation_metrics,
    picture_name,
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
        run_id: str | None = None,
        params: Mapping[str, Any] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
        documents: Mapping[str, Any] | None = None,
        skops: bytes | None = None,
    ) -> CandidateRecord:
        """Store a trained model in a run of its model's experiment.

        Parameters
        ----------
        run_id
            The run, which stays open: `finish` or `log_decision` ends it. Without one, a run is made for the candidate,
            and ends FINISHED when everything was stored, else FAILED.
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
        with self._open(run_id) if run_id else self._new(model, run_name or model) as active:
            self._log_figures(active, params or {}, metrics or {}, tags or {})
            files = self.log_documents(active, documents or {})
            if skops is not None:
                files |= store_files(self.connection, active, {SKOPS: skops})
            stored = store_onnx(self.connection, active, onnx, input_example)
            return CandidateRecord(active, *stored, files | record_model_files(self.connection, active))

    @contextmanager
    def _new(self, model: str, run_name: str) -> Iterator[str]:
        """Make a run for a ``with`` block and yield its id; an error in the block makes it FAILED."""
        experiment_id = self.connection.experiment_id(model)
        self.connection.use_for_this_process()
        with (
            clear_errors(self.connection.tracking_uri),
            mlflow.start_run(run_name=run_name, experiment_id=experiment_id) as run,
        ):
            yield run.info.run_id

    @contextmanager
    def _open(self, run_id: str) -> Iterator[str]:
        """Make an open run the active one for a ``with`` block: MLflow logs models into that. It stays open."""
        self.connection.ask(lambda client: self._resume(client.get_run(run_id)))
        try:
            yield run_id
        finally:
            self.put_aside()

    @staticmethod
    def _resume(run: Run) -> None:
        # MLflow resumes a run of the active experiment alone, and dagster-mlflow has made one of some model active.
        mlflow.set_experiment(experiment_id=run.info.experiment_id)
        mlflow.start_run(run_id=run.info.run_id)

    def put_aside(self) -> None:
        """Leave the active run open, without being the one that MLflow's functions log into."""
        self.connection.ask(lambda _: mlflow.end_run("RUNNING"))

    def log_documents(self, run_id: str, documents: Mapping[str, Any]) -> dict[str, str]:
        """Store documents as JSON files of a run, also of one that has ended, and return the hash of each."""
        for name in documents:
            if not DOCUMENT_NAME.fullmatch(name):
                raise ModelError(f"document name '{name}' must be letters, digits, _ and -, then .json")
        contents = {name: to_json(document) for name, document in documents.items()}
        return store_files(self.connection, run_id, contents)

    def log_evaluation(self, run_id: str, evaluation: Mapping[str, Any], pictures: Mapping[str, bytes]) -> None:
        """Store an evaluation with a candidate's run: its document, its metrics, and its plots (title → PNG)."""
        self.log_documents(run_id, {EVALUATION: evaluation})
        store_files(self.connection, run_id, {picture_name(title): png for title, png in pictures.items()})
        self._log_figures(run_id, {}, evaluation_metrics(evaluation))

    def log_decision(self, run_id: str, action: str, reasons: Sequence[str]) -> None:
        """Note in a candidate's run what was decided, and why. The run has FINISHED then, whatever has ended before."""
        self._log_figures(run_id, {}, {}, decision_tags(action, reasons))
        self.connection.ask(lambda client: client.set_tag(run_id, DESCRIPTION, decision_text(action, reasons)))
        self.connection.ask(lambda client: client.set_terminated(run_id, "FINISHED"))

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

    def finish(self, run_id: str, status: Status) -> None:
        """End the run of a Dagster run with its status; one whose candidate was decided on has FINISHED."""
        run = self.connection.ask(lambda client: client.get_run(run_id))
        ended = "FINISHED" if DECISION in run.data.tags else status
        self.connection.ask(lambda client: client.set_terminated(run_id, ended))

    def of_dagster_run(self, dagster_run_id: str) -> list[str]:
        """Return the ids of the runs of a Dagster run: one for each model that it has trained."""
        found = self.connection.search_runs(f"tags.{DAGSTER_RUN} = '{dagster_run_id}'")
        return [run.info.run_id for run in found]

    def open_runs(self) -> list[tuple[str, str]]:
        """Return MLflow run id and Dagster run id of each run of a Dagster run that has no terminal status yet."""
        running = self.connection.search_runs(f"attributes.status = 'RUNNING' and tags.{DAGSTER_RUN} LIKE '%'")
        return [(run.info.run_id, run.data.tags[DAGSTER_RUN]) for run in running]

    def _log_figures(
        self,
        run_id: str,
        params: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        # MLflow stores infinity as 1.8e308, and NaN as 0.
        if wrong := [name for name, value in metrics.items() if not math.isfinite(value)]:
            raise ModelError(f"metrics that are not finite cannot be stored: {', '.join(wrong)}")
        now_ms = int(time.time() * 1000)
        rows = [Metric(name, value, now_ms, 0) for name, value in metrics.items()]
        named = [Param(name, str(value)) for name, value in params.items()]
        tagged = [RunTag(_tag_name(name), value) for name, value in tags.items()]
        self.connection.ask(lambda client: client.log_batch(run_id, rows, named, tagged))


def _tag_name(name: str) -> str:
    """Return the name with the characters replaced that MLflow does not allow."""
    return re.sub(r"[^\w\-. :/]", "_", name)
