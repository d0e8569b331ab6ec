"""The candidate of a partition: the best estimator on the validation rows, as ONNX, in an MLflow run."""

from dataclasses import dataclass
from typing import Any

from ml_platform.drift.binning import build_profile
from ml_platform.errors import UncheckedData
from ml_platform.evaluation.metrics import METRICS
from ml_platform.lineage.definition import DEFINITION, capture_definition
from ml_platform.pipeline.interface_validation import INPUT_CONTRACT, input_contract
from ml_platform.pipeline.leakage import validate_no_leakage
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.reference import REFERENCE, profiled_kinds
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import score
from ml_platform.pipeline.stored import definition_inputs, kept_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.pipeline.unseen import training_tags
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.git import git_commit
from ml_platform.stores.mlflow.entities import CandidateRecord
from ml_platform.stores.stores import Stores
from ml_platform.training.fit import Candidate, fit_candidate
from ml_platform.training.onnx_model import OnnxModel

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
    fitted = fit_rows(model, rows, run)
    record = _log(model, stores, partition, run, rows=rows, candidate=fitted)
    document = {
        "run_id": record.run_id,
        "onnx_sha256": record.onnx_sha256,
        "files": dict(record.files),
        **definition_inputs(model, *STAGES),
        "git_commit": git_commit(model.folder),
        "features": list(model.kinds),
        "estimator": fitted.estimator,
        "params": fitted.params,
        "validation_scores": fitted.validation_scores,
        "seen": training_tags(model, partition, rows),
    }
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


def fit_rows(model: Model, rows: TrainingRows, run: RunContext) -> Candidate:
    """Return the best of the estimators that the model's YAML names."""
    settings = model.spec.training
    metric = METRICS[settings.select_by]
    return fit_candidate(
        rows.frame,
        rows.labels,
        rows.split,
        model.kinds,
        settings,
        task=model.spec.task,
        metric=metric.function,
        greater_is_better=metric.greater_is_better,
        on_progress=run.log,
    )


def export(model: Model, rows: TrainingRows, candidate: Candidate, run: RunContext) -> bytes:
    """Return the candidate as ONNX that predicts the same as the pipeline on every row of the window."""
    from ml_platform.training.export import to_onnx, validate_parity  # not for an unchanged candidate: seconds

    onnx = to_onnx(candidate.pipeline, model.kinds, model_name=model.name)
    parity = validate_parity(candidate.pipeline, OnnxModel.from_bytes(onnx), rows.frame, task=model.spec.task)
    run.log(f"ONNX differs from scikit-learn by at most {parity.max_abs_difference:.1e} on {parity.n_rows:,} rows")
    return onnx


def _log(
    model: Model, stores: Stores, partition: str | None, run: RunContext, *, rows: TrainingRows, candidate: Candidate
) -> CandidateRecord:
    """Store a fitted candidate in an MLflow run."""
    from ml_platform.training.export import to_skops

    settings = model.spec.training
    onnx = export(model, rows, candidate, run)
    return stores.runs.log_candidate(
        model=model.name,
        run_name=f"{model.name} {partition or ''}".strip(),
        parent_run_id=run.mlflow_parent(),
        params={"estimator": candidate.estimator, **candidate.params, **settings.choices, "seed": settings.seed},
        metrics={f"validation_{name}": score for name, score in candidate.validation_scores.items()},
        tags=_tags(model, partition, rows),
        onnx=onnx,
        skops=to_skops(candidate.pipeline),
        input_example=rows.frame[list(model.kinds)].head(5),
        documents={
            REFERENCE: _reference(model, stores, partition, rows, onnx),
            "features.json": model.kinds,
            INPUT_CONTRACT: input_contract(model, rows.frame),
            DEFINITION: capture_definition(model.spec, model.folder),
        },
    )


def _reference(model: Model, stores: Stores, partition: str | None, rows: TrainingRows, onnx: bytes) -> dict[str, Any]:
    """Return the frozen profile of the window's features and scores, and the manifests of the window's features."""
    scored = rows.frame.assign(**model.output.columns(score(onnx, rows.frame)))
    profile = build_profile(scored, profiled_kinds(model), bins=model.spec.drift.bins)
    features = [model.artifact("features", key) for key in model.window(partition)]
    windows = {str(artifact): stores.tables.require(artifact).model_dump() for artifact in features}
    return {"profile": profile.to_document(), "windows": windows}


def _tags(model: Model, partition: str | None, rows: TrainingRows) -> dict[str, str]:
    """Return what the candidate was made from, for whoever finds it in MLflow."""
    return {
        "model": model.name,
        "partition": partition or "",
        "definition": model.version,
        "git_commit": git_commit(model.folder),
        **{f"version of {name}": version for name, version in rows.versions.items()},
    }


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
