"""The training set, the baseline and the candidate of a partition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.lineage.definition import DEFINITION, capture_definition
from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.metadata import markdown_table, outcomes, run_link
from ml_platform.pipeline.interfaces import INPUT_CONTRACT, input_contract
from ml_platform.pipeline.leakage import validate_no_leakage
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.reference import REFERENCE, profiled_kinds
from ml_platform.pipeline.scorer import score
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.pipeline.unseen import training_tags
from ml_platform.stores.git import git_commit

if TYPE_CHECKING:
    import numpy as np

    from ml_platform.training.fit import Candidate


def training_set_kind(model: Model) -> AssetKind:
    """Return the kind that fixes which rows a candidate is trained on and measured with."""
    asset = Asset(
        "training_set",
        f"Which rows a model is trained and tested on: {_rows_in_words(model)}.",
        frozenset({"pandas"}),
    )
    return AssetKind("training", (asset,), _fix_rows, deps=[_window(model, "features"), _window(model, "labels")])


def _rows_in_words(model: Model) -> str:
    which = f"{model.spec.training.window} partitions" if model.spec.partitions else "the whole table"
    how = "in time order" if model.spec.split_by == "time" else f"by a hash of {', '.join(model.spec.split_key)}"
    return f"{which}, split {how}"


def baseline_kind() -> AssetKind:
    """Return the kind of the model that looks at no input."""
    asset = Asset(
        "baseline", "What a model that looks at no feature predicts: base rates, or a mean.", frozenset({"python"})
    )
    return AssetKind("training", (asset,), _fit_baseline, deps=["training_set"])


def candidate_kind(model: Model) -> AssetKind:
    """Return the kind of the trained model."""
    asset = Asset(
        "candidate",
        f"The best of {', '.join(model.spec.training.estimators)} on the validation rows, as ONNX, in an MLflow run.",
        frozenset({"scikitlearn", "mlflow", "onnx"}),
    )
    return AssetKind(
        "training", (asset,), _train, deps=["training_set"], uses_mlflow=True, pool=f"{model.name}_training"
    )


def _window(model: Model, asset: str) -> dg.AssetDep:
    """Return the dependency on every partition of the training window."""
    if model.spec.partitions is None:
        return dg.AssetDep(asset_key(model, asset))
    offset = 1 - model.spec.training.window
    mapping = dg.TimeWindowPartitionMapping(start_offset=offset, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(asset_key(model, asset), partition_mapping=mapping)


def _fix_rows(step: Step) -> Iterator[Made]:
    rows = load_training_rows(step.model, step.stores, step.partition)
    parts = {"train": rows.split.train, "validation": rows.split.validation, "test": rows.split.test}
    described = {name: _describe(step.model, rows, positions) for name, positions in parts.items()}
    manifest = step.stores.documents.write(
        step.artifact("training_set"), {"parts": described}, inputs=rows.versions, run_id=step.run_id
    )
    metadata = {
        "dagster/row_count": len(rows.frame),
        "partitions": ", ".join(key or "whole" for key in step.model.window(step.partition)),
        "parts": markdown_table(
            ["part", "rows", "outcomes", "from", "to"],
            (
                [n, f"{p['n_rows']:,}", p["outcomes"], p.get("from", "-"), p.get("to", "-")]
                for n, p in described.items()
            ),
        ),
    }
    yield Made("training_set", manifest.version, manifest, metadata)


def _describe(model: Model, rows: TrainingRows, positions: np.ndarray) -> dict[str, Any]:
    part = {"n_rows": len(positions), "outcomes": outcomes(model.output, rows.labels[positions])}
    if "event_time" not in rows.frame:
        return part
    times = rows.frame["event_time"].iloc[positions]
    return {**part, "from": times.min().isoformat(), "to": times.max().isoformat()}


def _fit_baseline(step: Step) -> Iterator[Made]:
    from ml_platform.training.fit import fit_baseline

    rows = load_training_rows(step.model, step.stores, step.partition)
    baseline = fit_baseline(rows.labels, rows.split, task=step.model.spec.task)
    document = {"prediction": baseline.prediction}
    manifest = step.stores.documents.write(
        step.artifact("baseline"), document, inputs=rows.versions, run_id=step.run_id
    )
    predicted = step.model.output.columns(baseline.predict(1))
    metadata = {
        "predicts": markdown_table(["column", "value"], ([name, value[0]] for name, value in predicted.items())),
        "trained_on_rows": len(rows.split.train),
    }
    yield Made("baseline", manifest.version, manifest, metadata)


def _train(step: Step) -> Iterator[Made]:
    from ml_platform.training.export import to_skops

    spec = step.model.spec
    rows = load_training_rows(step.model, step.stores, step.partition)
    validate_no_leakage(step, rows)
    candidate = fit_rows(step, rows)
    onnx = export(step, rows, candidate)
    skops = to_skops(candidate.pipeline)
    record = step.stores.runs.log_candidate(
        model=spec.name,
        run_name=f"{spec.name} {step.partition or ''}".strip(),
        parent_run_id=step.mlflow_parent,
        params={
            "estimator": candidate.estimator,
            **candidate.params,
            **spec.training.choices,
            "seed": spec.training.seed,
        },
        metrics={f"validation_{name}": score for name, score in candidate.validation_scores.items()},
        tags=_tags(step, rows),
        onnx=onnx,
        skops=skops,
        input_example=rows.frame[list(step.model.kinds)].head(5),
        documents={
            REFERENCE: _reference(step, rows, onnx),
            "features.json": step.model.kinds,
            INPUT_CONTRACT: input_contract(step.model, rows.frame),
            DEFINITION: capture_definition(spec, step.model.folder),
        },
    )
    document = {
        "run_id": record.run_id,
        "onnx_sha256": record.onnx_sha256,
        "files": dict(record.files),
        "definition": step.model.version,
        "git_commit": git_commit(step.model.folder),
        "features": list(step.model.kinds),
        "estimator": candidate.estimator,
        "params": candidate.params,
        "validation_scores": candidate.validation_scores,
        "seen": training_tags(step.model, step.partition, rows),
    }
    manifest = step.stores.documents.write(
        step.artifact("candidate"), document, inputs=rows.versions, run_id=step.run_id
    )
    metadata = {
        "estimator": candidate.estimator,
        "trained_on_rows": len(rows.split.train),
        "validation": markdown_table(
            ["estimator", spec.training.select_by], ([n, f"{s:.4f}"] for n, s in candidate.validation_scores.items())
        ),
        "onnx_sha256": record.onnx_sha256,
        "mlflow_run": run_link(step.stores.mlflow.ui_link(record.run_id), record.run_id),
    }
    yield Made("candidate", record.onnx_sha256, manifest, metadata)


def fit_rows(step: Step, rows: TrainingRows) -> Candidate:
    """Return the best of the estimators that the model's YAML names."""
    from ml_platform.evaluation.metrics import METRICS
    from ml_platform.training.fit import fit_candidate

    spec = step.model.spec
    metric = METRICS[spec.training.select_by]
    return fit_candidate(
        rows.frame,
        rows.labels,
        rows.split,
        step.model.kinds,
        spec.training,
        task=spec.task,
        metric=metric.function,
        greater_is_better=metric.greater_is_better,
        on_progress=step.log,
    )


def export(step: Step, rows: TrainingRows, candidate: Candidate) -> bytes:
    """Return the candidate as ONNX that says the same as the pipeline on every row of the window."""
    from ml_platform.training.export import OnnxModel, to_onnx, validate_parity

    onnx = to_onnx(candidate.pipeline, step.model.kinds, model_name=step.model.name)
    parity = validate_parity(candidate.pipeline, OnnxModel.from_bytes(onnx), rows.frame, task=step.model.spec.task)
    step.log(f"ONNX differs from scikit-learn by at most {parity.max_abs_difference:.1e} on {parity.n_rows:,} rows")
    return onnx


def _reference(step: Step, rows: TrainingRows, onnx: bytes) -> dict[str, Any]:
    """Return the frozen profile of the window's features and scores, and which stored tables the window is."""
    from ml_platform.drift.profile import build_profile

    scored = rows.frame.assign(**step.model.output.columns(score(onnx, rows.frame)))
    profile = build_profile(scored, profiled_kinds(step.model), bins=step.model.spec.drift.bins)
    windows = {
        str(artifact): step.stores.tables.require(artifact).model_dump()
        for artifact in (step.model.artifact("features", key) for key in step.model.window(step.partition))
    }
    return {"profile": profile.to_document(), "windows": windows}


def _tags(step: Step, rows: TrainingRows) -> dict[str, str]:
    """Return what the model was made from, for whoever finds it in MLflow."""
    return {
        "model": step.model.name,
        "partition": step.partition or "",
        "definition": step.model.version,
        "git_commit": git_commit(step.model.folder),
        **{f"version of {name}": version for name, version in rows.versions.items()},
    }
