"""The candidate of a partition: the best estimator on the validation rows, as ONNX, in an MLflow run."""

from dataclasses import dataclass
from typing import Any

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.leakage import validate_no_leakage
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, kept_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.stores import Stores

STAGES = ("training", "evaluation")
"""Whose code decides what a candidate is."""

LOST = "lost_candidate"
"""Document that names the MLflow run of a candidate which MLflow has lost."""


@dataclass(frozen=True)
class TrainedCandidate:
    """A stored candidate.

    Attributes
    ----------
    document
        Its MLflow run, its hashes, the chosen estimator and what it has learned from.
    kept
        Whether it is the one that was trained before from the same inputs.
    """

    manifest: Manifest
    document: dict[str, Any]
    n_train_rows: int
    kept: bool


def train_candidate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> TrainedCandidate:
    """Train a candidate on the stored training set, and store it with all that identifies it.

    Raises
    ------
    UncheckedData
        When the training set is stale or leaks.
    """
    rows = load_training_rows(model, stores, partition)
    validate_no_leakage(rows, model, stores, partition, run)
    artifact = model.artifact("candidate", partition)
    kept = kept_document(stores, artifact, rows.versions)
    if kept is not None and _is_unchanged(model, stores, partition, kept.document):
        run.log(f"{artifact}: inputs unchanged, kept")
        return TrainedCandidate(kept.manifest, kept.document, len(rows.split.train), kept=True)
    from ml_platform.pipeline.fitting import fit_and_log

    document = {**fit_and_log(model, stores, partition, run, rows), **definition_inputs(model, *STAGES)}
    manifest = stores.documents.write(artifact, document, inputs=rows.versions, run_id=run.run_id)
    return TrainedCandidate(manifest, document, len(rows.split.train), kept=False)


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

    Raises
    ------
    UncheckedData
        When it was trained on others: it may have learned from what are test rows now.
    """
    artifact = model.artifact("candidate", partition)
    manifest = stores.documents.require(artifact)
    if manifest.inputs != rows.versions:
        raise UncheckedData(f"{artifact} was trained on older rows. {make(artifact)}")
    return stores.documents.read_version(artifact, manifest)
