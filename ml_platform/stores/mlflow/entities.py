"""What MLflow holds, as the rest of the platform sees it. Imports nothing heavy."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ml_platform.errors import ModelError

CHAMPION, CHALLENGER = "champion", "challenger"

EVALUATION, REFERENCE, SKOPS = "evaluation.json", "reference.json", "model.skops"
"""Names of files that are stored with a candidate."""

DAGSTER_RUN = "dagster_run_id"
"""dagster-mlflow's tag, by which it finds the run of a Dagster run again."""

DECISION, DECISION_REASON = "decision", "decision_reason"
"""Tags of a run and of its version: what the ledger says of the candidate, and why."""

DESCRIPTION, RUN_NAME = "mlflow.note.content", "mlflow.runName"
"""MLflow's own tags: the text on a run's page, in Markdown, and its name."""

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
    """Return the metrics that MLflow keeps of an evaluation, by their names there.

    The champion's are measured on the test rows that it has not seen. MLflow's charts group what has a prefix: the ends
    of the candidate's intervals.
    """
    against = evaluation["baseline"]
    found = {f"test_{name}": estimate["value"] for name, estimate in against["candidate"].items()}
    found |= {f"baseline_test_{name}": estimate["value"] for name, estimate in against["other"].items()}
    if champion := evaluation["champion"]:
        found |= {f"champion_test_{name}": estimate["value"] for name, estimate in champion["other"].items()}
    for name, estimate in against["candidate"].items():
        found |= {f"interval/test_{name}_{end}": estimate[end] for end in ("low", "high")}
    return found


def decision_tags(action: str, reasons: Sequence[str]) -> dict[str, str]:
    """Return the tags that say what the ledger says of a candidate: rejected, registered or promoted, and why."""
    return {DECISION: action, DECISION_REASON: "; ".join(reasons)}


def decision_text(action: str, reasons: Sequence[str]) -> str:
    """Return the same as the description of a run or version, in Markdown."""
    return "\n".join([f"**{action.capitalize()}**", "", *(f"- {reason}" for reason in reasons)])


def picture_name(title: str) -> str:
    """Return the name of a plot's file."""
    return f"{re.sub(r'[^a-z0-9]+', '_', title.lower())}.png"
