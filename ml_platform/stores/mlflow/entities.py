"""What MLflow holds, as the rest of the platform sees it. Imports nothing heavy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ml_platform.errors import ModelError

CHAMPION, CHALLENGER = "champion", "challenger"

EXPERIMENT = "ml_platform"

EVALUATION, REFERENCE, SKOPS = "evaluation.json", "reference.json", "model.skops"
"""Names of files that are stored with a candidate."""

PARENT_TAG = "dagster_run_id"
"""dagster-mlflow's tag, by which it finds the run of a Dagster run again. A nested run must not carry it, or the next
step would take that one for the parent."""

MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

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


def validate_model_name(name: str) -> None:
    """Raise ModelError for names that MLflow takes, and file systems and addresses do not."""
    if not MODEL_NAME.fullmatch(name):
        raise ModelError(f"model name {name[:120]!r} must be letters, digits, _ and -, at most 100")


def evaluation_metrics(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics that MLflow keeps of an evaluation, by their names there."""
    return {
        f"test_{name}{suffix}": estimate[key]
        for name, estimate in evaluation["baseline"]["candidate"].items()
        for key, suffix in (("value", ""), ("low", "_low"), ("high", "_high"))
    }
