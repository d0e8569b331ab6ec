"""The jobs of a model. Each that trains or scores contains the contracts of the data that it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.automation.mlflow_status import FINISH_WITH_LAST_STEP
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.model import Model

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

EXECUTORS: dict[str, dg.ExecutorDefinition] = {
    "in_process": dg.in_process_executor,
    "multiprocess": dg.multiprocess_executor,
}


def job_name(model: str, verb: str) -> str:
    """Return the name of a model's job."""
    return f"{model}_{verb}"


def build_jobs(model: Model) -> list[UnresolvedAssetJobDefinition]:
    """Return the jobs validate, ingest, explore, train and score."""
    validate = _upstream(
        model, tuple(f"{part}_{table}" for table in model.spec.tables for part in ("valid", "quarantine"))
    )
    ingest = _upstream(model, ("features", "labels", *(f"quarantine_{table}" for table in model.spec.tables)))
    train = _upstream(model, ("champion",)) | ingest
    score = _upstream(model, ("drift",)) - _upstream(model, ("champion",)) | ingest
    explore = _upstream(model, ("exploration",)) | ingest
    return [
        _job(model, "validate", validate, "Hold a partition's raw data against its contracts."),
        _job(model, "ingest", ingest, "Hold a partition's raw data against its contracts and make its features."),
        _job(model, "explore", explore, "Draw what the training window of a partition holds, without training."),
        _job(model, "train", train, "Train as of a partition, compare with the champion, promote or reject."),
        _job(model, "score", score, "Score a partition with the champion, and compare it with the reference."),
    ]


def _upstream(model: Model, assets: tuple[str, ...]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*(asset_key(model, asset) for asset in assets)).upstream()


def _job(model: Model, verb: str, selection: dg.AssetSelection, description: str) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        job_name(model.name, verb),
        selection=selection,
        description=description,
        tags={"model": model.name},
        executor_def=EXECUTORS[model.spec.executor],
        hooks=FINISH_WITH_LAST_STEP if verb == "train" and model.spec.executor == "multiprocess" else None,
    )
