"""The training set, the baseline and the candidate of a partition."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Filling, Made
from ml_platform.orchestration.assets.contract import kinds_of_entity
from ml_platform.orchestration.assets.features import features_kind, labels_kind
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.checks.interfaces import features_checks
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.metadata import link, markdown_table
from ml_platform.pipeline.earlier import window_to_divide, window_to_make
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def training_set_kind(model: Model) -> AssetKind:
    """Return the kind that fixes which rows a candidate is trained on and measured with."""
    asset = Asset(
        "training_set",
        f"Which rows are for training, validation and test: {_rows_in_words(model)}.",
        frozenset({"pandas", "parquet"}),
    )
    deps = [_window(model, "features"), _window(model, "labels")]
    made: list[AssetKind | CheckKind] = [
        features_kind(model),
        features_checks(model),
        labels_kind(model.spec.entity.table),
    ]
    fills = [Filling(window_to_divide, kinds_of_entity(model)), Filling(window_to_make, made)]
    return AssetKind("training", (asset,), _fix_rows, deps=deps, fills=fills)


def _rows_in_words(model: Model) -> str:
    which = f"{model.spec.training.window} partitions" if model.spec.partitions else "the whole table"
    how = "in time order" if model.spec.split_by == "time" else f"by a hash of {', '.join(model.spec.split_key)}"
    return f"{which}, split {how}"


def _window(model: Model, asset: str) -> dg.AssetDep:
    """Return the dependency on every partition of the training window."""
    if model.spec.partitions is None:
        return dg.AssetDep(asset_key(model, asset))
    offset = 1 - model.spec.training.window
    mapping = dg.TimeWindowPartitionMapping(start_offset=offset, allow_nonexistent_upstream_partitions=True)
    return dg.AssetDep(asset_key(model, asset), partition_mapping=mapping)


def _fix_rows(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.training_set import fix_training_set

    fixed = fix_training_set(model, stores, partition, run)
    rows = ([n, f"{p.n_rows:,}", p.outcomes, p.first or "-", p.last or "-"] for n, p in fixed.parts.items())
    metadata = {
        "partitions": ", ".join(key or "whole" for key in model.window(partition)),
        "parts": markdown_table(["part", "rows", "outcomes", "from", "to"], rows),
        "left_out": fixed.left_out or "no row: every outcome is known",
    }
    yield Made("training_set", fixed.manifest.version, fixed.manifest, metadata)


def baseline_kind() -> AssetKind:
    """Return the kind of the model that looks at no input."""
    asset = Asset(
        "baseline", "A model without features: it predicts the base rates, or the mean.", frozenset({"python"})
    )
    return AssetKind("training", (asset,), _train_baseline, deps=["training_set"])


def _train_baseline(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.baseline import load_baseline, train_baseline

    fitted = train_baseline(model, stores, partition, run)
    predicted = model.output.columns(load_baseline(model, stores, partition).predict(1))
    metadata = {
        "predicts": markdown_table(["column", "value"], ([name, value[0]] for name, value in predicted.items())),
        "trained_on_rows": fitted.document["n_train_rows"],
    }
    yield Made("baseline", fitted.manifest.version, fitted.manifest, metadata)


def candidate_kind(model: Model) -> AssetKind:
    """Return the kind of the trained model."""
    asset = Asset(
        "candidate",
        f"The trained model: the best of {', '.join(model.spec.training.estimators)} on the validation rows, exported "
        "to ONNX and logged in an MLflow run.",
        frozenset({"scikitlearn", "mlflow", "onnx"}),
    )
    return AssetKind(
        "training", (asset,), _train, deps=["training_set"], uses_mlflow=True, pool=f"{model.name}_training"
    )


def _train(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.candidate import train_candidate

    trained = train_candidate(model, stores, partition, run)
    document = trained.document
    scores = ([name, f"{score:.4f}"] for name, score in document["validation_scores"].items())
    metadata: dict[str, Any] = {
        "estimator": document["estimator"],
        f"validation_{model.spec.training.select_by}": document["validation_scores"][document["estimator"]],
        "seconds_of_training": document["seconds"],
        "trained_on_rows": document["n_train_rows"],
        "validation": markdown_table(["estimator", model.spec.training.select_by], scores),
    }
    if not trained.kept:  # the address is MLflow's to say, which takes seconds to import
        address = stores.mlflow.run_link(model.name, document["run_id"])
        metadata["mlflow_run"] = link(address, document["run_id"])
    yield Made("candidate", document["onnx_sha256"], trained.manifest, metadata, kept=trained.kept)
