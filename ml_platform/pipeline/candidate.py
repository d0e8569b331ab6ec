"""The candidate of a partition: the best estimator on the validation rows, as ONNX, in an MLflow run."""

from functools import partial
from typing import Any

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.leakage import validate_no_leakage
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredDocument, definition_inputs, stored_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.artifact import make
from ml_platform.stores.stores import Stores

STAGES = ("training", "evaluation")
"""Whose code decides what a candidate is."""

LOST = "lost_candidate"
"""Document that names the MLflow run of a candidate which MLflow has lost."""


def train_candidate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Train a candidate on the stored training set, and store it with all that identifies it.

    Its document has its MLflow run, its hashes, the chosen estimator and what it has learned from.

    UncheckedData is raised when the training set is stale or leaks.
    """
    rows = load_training_rows(model, stores, partition, run)
    validate_no_leakage(rows, model, stores, partition, run)
    artifact = model.artifact("candidate", partition)
    keep_if = partial(_is_unchanged, model, stores, partition)
    return stored_document(
        stores, artifact, rows.versions, lambda: _fit(model, stores, partition, run, rows), run, keep_if=keep_if
    )


def _fit(model: Model, stores: Stores, partition: str | None, run: RunContext, rows: TrainingRows) -> dict[str, Any]:
    from ml_platform.pipeline.fitting import fit_and_log

    return {**fit_and_log(model, stores, partition, run, rows), **definition_inputs(model, *STAGES)}


def _is_unchanged(model: Model, stores: Stores, partition: str | None, document: dict[str, Any]) -> bool:
    """Return whether a stored candidate is of today's definition and code, and MLflow has not lost it."""
    lost = model.artifact(LOST, partition)
    if stores.documents.manifest(lost) is not None and stores.documents.read(lost)["run_id"] == document["run_id"]:
        return False
    return definition_inputs(model, *STAGES).items() <= document.items()


def forget_candidate(model: Model, stores: Stores, partition: str | None, candidate: dict[str, Any]) -> None:
    """Note that MLflow has lost a candidate, so that it is not kept by the next training."""
    stores.documents.write(model.artifact(LOST, partition), {"run_id": candidate["run_id"]})


def load_candidate(model: Model, stores: Stores, partition: str | None, rows: TrainingRows) -> dict[str, Any]:
    """Return the document of the stored candidate that was trained on these rows.

    UncheckedData is raised when it was trained on others: it may have learned from what are test rows now.
    """
    artifact = model.artifact("candidate", partition)
    manifest = stores.documents.require(artifact)
    if manifest.inputs != rows.versions:
        raise UncheckedData(f"{artifact} was trained on older rows. {make(artifact)}")
    return stores.documents.read_version(manifest)
