"""The jobs of a model. Each that trains or scores contains the contracts of the data that it uses, with their checks."""

from __future__ import annotations

import dagster as dg

from ml_platform.orchestration.model import Model

INGEST_ENDS = ("features", "labels")
TRAIN_ENDS = ("champion",)
SCORE_ENDS = ("drift",)

EXECUTORS: dict[str, dg.ExecutorDefinition] = {
    "in_process": dg.in_process_executor,
    "multiprocess": dg.multiprocess_executor,
}


def job_name(model: str, verb: str) -> str:
    """Return the name of a model's job."""
    return f"{model}_{verb}"


def build_jobs(model: Model) -> dict[str, dg.UnresolvedAssetJobDefinition]:
    """Return the jobs ingest, train and score by verb."""
    ingest = _upstream(model, INGEST_ENDS)
    train = _upstream(model, TRAIN_ENDS) | ingest
    score = _upstream(model, SCORE_ENDS) - _upstream(model, TRAIN_ENDS) | ingest
    return {
        "ingest": _job(
            model, "ingest", ingest, "Hold a partition's raw data against its contracts and make its features."
        ),
        "train": _job(model, "train", train, "Train as of a partition, compare with the champion, promote or refuse."),
        "score": _job(model, "score", score, "Score a partition with the champion, and compare it with the reference."),
    }


def _upstream(model: Model, leaves: tuple[str, ...]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*(model.key(leaf) for leaf in leaves)).upstream()


def _job(model: Model, verb: str, selection: dg.AssetSelection, description: str) -> dg.UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        job_name(model.name, verb),
        selection=selection,
        description=description,
        tags={"model": model.name},
        partitions_def=model.partitions_def,
        executor_def=EXECUTORS[model.spec.executor],
    )
