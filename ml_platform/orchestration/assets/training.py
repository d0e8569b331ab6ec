"""The training set, the baseline and the candidate of a partition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.asset import AssetKind, Leaf, Made, Step
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.orchestration.model import Model
from ml_platform.orchestration.window import load_training_rows

if TYPE_CHECKING:
    pass


def training_set_kind(model: Model) -> AssetKind:
    """Return the kind that fixes which rows a candidate is trained on and measured with."""
    leaf = Leaf(
        "training_set",
        f"Which rows a model is trained and tested on: {model.spec.training.window} partitions, split in time order.",
        frozenset({"pandas"}),
    )
    return AssetKind("training", (leaf,), _fix_rows, deps=[_window(model, "features"), _window(model, "labels")])


def baseline_kind() -> AssetKind:
    """Return the kind of the model that looks at no input."""
    leaf = Leaf("baseline", "What a model that looks at no feature predicts: the base rate.", frozenset({"python"}))
    return AssetKind("training", (leaf,), _fit_baseline, deps=["training_set"])


def candidate_kind(model: Model) -> AssetKind:
    """Return the kind of the trained model."""
    leaf = Leaf(
        "candidate",
        f"The best of {', '.join(model.spec.training.estimators)} on the validation rows, as ONNX, in an MLflow run.",
        frozenset({"scikitlearn", "mlflow", "onnx"}),
    )
    return AssetKind(
        "training", (leaf,), _train, deps=["training_set"], uses_mlflow=True, pool=f"{model.name}_training"
    )


def _window(model: Model, leaf: str) -> dg.AssetDep:
    """Return the dependency on every partition of the training window."""
    if model.spec.partitions is None:
        return dg.AssetDep(model.key(leaf))
    offset = 1 - model.spec.training.window
    mapping = dg.TimeWindowPartitionMapping(start_offset=offset, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(model.key(leaf), partition_mapping=mapping)


def _fix_rows(step: Step) -> Iterator[Made]:
    rows = load_training_rows(step.model, step.stores, step.partition)
    parts = {"train": rows.split.train, "validation": rows.split.validation, "test": rows.split.test}
    times = rows.frame["event_time"]
    described = {
        name: {
            "n_rows": len(positions),
            "positive_share": float(rows.labels[positions].mean()) if len(positions) else None,
            "from": times.iloc[positions].min().isoformat() if len(positions) else None,
            "to": times.iloc[positions].max().isoformat() if len(positions) else None,
        }
        for name, positions in parts.items()
    }
    manifest = step.stores.documents.write(
        step.slot("training_set"), {"parts": described}, inputs=rows.versions, run_id=step.run_id
    )
    metadata = {
        "dagster/row_count": len(rows.frame),
        "partitions": ", ".join(key or "whole" for key in step.model.window(step.partition)),
        "parts": markdown_table(
            ["part", "rows", "positive", "from", "to"],
            ([n, f"{p['n_rows']:,}", f"{p['positive_share']:.1%}", p["from"], p["to"]] for n, p in described.items()),
        ),
    }
    yield Made("training_set", manifest.version, manifest, metadata)


def _fit_baseline(step: Step) -> Iterator[Made]:
    from ml_platform.training.fit import fit_baseline

    rows = load_training_rows(step.model, step.stores, step.partition)
    baseline = fit_baseline(rows.labels, rows.split, task=step.model.spec.task)
    document = baseline.to_document()
    manifest = step.stores.documents.write(step.slot("baseline"), document, inputs=rows.versions, run_id=step.run_id)
    yield Made("baseline", manifest.version, manifest, document)


def _train(step: Step) -> Iterator[Made]:
    spec = step.model.spec
    rows = load_training_rows(step.model, step.stores, step.partition)
    candidate = _fit(step, rows)
    artifacts = _artifacts(step, rows, candidate)
    record = step.stores.registry.log_candidate(
        model=spec.name,
        run_name=f"{spec.name} {step.partition or ''}".strip(),
        parent_run_id=step.mlflow_parent,
        params={"estimator": candidate.estimator, **candidate.params, "seed": spec.training.seed},
        metrics={f"validation_{name}": score for name, score in candidate.validation_scores.items()},
        tags=_tags(step, rows),
        **artifacts,
    )
    document = {
        "run_id": record.run_id,
        "onnx_sha256": record.onnx_sha256,
        "estimator": candidate.estimator,
        "params": candidate.params,
        "validation_scores": candidate.validation_scores,
    }
    manifest = step.stores.documents.write(step.slot("candidate"), document, inputs=rows.versions, run_id=step.run_id)
    metadata = {
        "estimator": candidate.estimator,
        "trained_on_rows": len(rows.split.train),
        "validation": markdown_table(
            ["estimator", spec.training.select_by], ([n, f"{s:.4f}"] for n, s in candidate.validation_scores.items())
        ),
        "onnx_sha256": record.onnx_sha256,
        "mlflow_run": _link(step.stores.registry.ui_link(record.run_id), record.run_id),
    }
    yield Made("candidate", record.onnx_sha256, manifest, metadata)
