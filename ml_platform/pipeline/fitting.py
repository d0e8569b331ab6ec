"""A candidate is fitted, exported to ONNX, and logged in an MLflow run with all that identifies it."""

import time
from typing import Any

from ml_platform.drift.binning import build_profile
from ml_platform.evaluation.metrics import METRICS
from ml_platform.lineage.definition import DEFINITION, capture_definition
from ml_platform.pipeline.interface_validation import INPUT_CONTRACT, input_contract
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import score
from ml_platform.pipeline.training_rows import TrainingRows
from ml_platform.pipeline.unseen import training_tags
from ml_platform.stores.git import git_commit
from ml_platform.stores.mlflow.entities import REFERENCE, CandidateRecord
from ml_platform.stores.stores import Stores
from ml_platform.training.export import to_onnx, to_skops, validate_parity
from ml_platform.training.fit import Candidate, fit_candidate
from ml_platform.training.onnx_model import OnnxModel


def fit_and_log(
    model: Model, stores: Stores, partition: str | None, run: RunContext, rows: TrainingRows
) -> dict[str, Any]:
    """Fit a candidate, log it in MLflow, and return the document that identifies it."""
    started = time.monotonic()
    fitted = fit_rows(model, rows, run)
    seconds = time.monotonic() - started
    record = _log(model, stores, partition, run, rows=rows, candidate=fitted)
    return {
        "run_id": record.run_id,
        "onnx_sha256": record.onnx_sha256,
        "files": dict(record.files),
        "git_commit": git_commit(model.folder),
        "features": list(model.kinds),
        "n_train_rows": len(rows.split.train),
        "estimator": fitted.estimator,
        "params": fitted.params,
        "seconds": seconds,
        "validation_scores": fitted.validation_scores,
        "seen": training_tags(model, partition, rows),
    }


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
    onnx = to_onnx(candidate.pipeline, model.kinds, model_name=model.name)
    parity = validate_parity(candidate.pipeline, OnnxModel.from_bytes(onnx), rows.frame, task=model.spec.task)
    run.log(f"ONNX differs from scikit-learn by at most {parity.max_abs_difference:.1e} on {parity.n_rows:,} rows")
    return onnx


def _log(
    model: Model, stores: Stores, partition: str | None, run: RunContext, *, rows: TrainingRows, candidate: Candidate
) -> CandidateRecord:
    """Store a fitted candidate in an MLflow run."""
    settings = model.spec.training
    onnx, name = export(model, rows, candidate, run), " ".join(filter(None, [partition, candidate.estimator]))
    validation = f"validation_{settings.select_by}"
    return stores.runs.log_candidate(
        model=model.name,
        run_name=name,
        run_id=run.mlflow_run(model.name, name),
        params={"estimator": candidate.estimator, **candidate.params, **settings.choices, "seed": settings.seed},
        metrics={
            validation: candidate.validation_scores[candidate.estimator],
            **{f"estimator/{name}_{validation}": score for name, score in candidate.validation_scores.items()},
        },
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
    profile = build_profile(scored, model.profiled_kinds, bins=model.spec.drift.bins)
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
