"""The jobs of a model. Each that trains or scores contains the contracts of the data that it uses."""

from collections.abc import Sequence

import dagster as dg

from ml_platform.choices import did_you_mean
from ml_platform.errors import WrongCall
from ml_platform.orchestration.automation.mlflow_status import FINISH_WITH_LAST_STEP
from ml_platform.orchestration.dagster_private import resolve_jobs
from ml_platform.orchestration.resources import mlflow, stores
from ml_platform.pipeline.model import Model

EXECUTORS: dict[str, dg.ExecutorDefinition] = {
    "in_process": dg.in_process_executor,
    "multiprocess": dg.multiprocess_executor,
}

RESOURCES = {"stores": stores, "mlflow": mlflow}
"""What the steps of every model are given."""

JOBS: dict[str, str] = {
    "train": "Train as of a partition, compare with the champion, promote or reject.",
    "score": "Score a partition with the champion, and compare it with the reference.",
}
"""Verbs that are jobs in the UI: what sensors and schedules start. A job of every verb doubles the time of loading."""

SELECTIONS: dict[str, str] = {
    "validate": "Hold a partition's raw data against its contracts.",
    "ingest": "Hold a partition's raw data against its contracts and make its features.",
    "explore": "Draw what the training window of a partition holds, without training.",
}
"""Verbs that run a selection of assets, as **Materialize selected** does in the UI."""

VERB_TAG = "ml_platform/verb"
"""On each run; its value is a key of `JOBS` or `SELECTIONS`."""


def job_name(model: str, verb: str) -> str:
    """Return what a verb of a model is called on the command line and, for `JOBS`, in the UI."""
    return f"{model}_{verb}"


def select(model: str, verb: str) -> dg.AssetSelection:
    """Return the assets that a verb of a model materializes, with their checks."""
    validate = dg.AssetSelection.groups(model) & dg.AssetSelection.tag("stage", "contract")
    ingest = validate | _upstream(model, "features", "labels")
    if verb == "validate":
        return validate
    if verb == "score":
        return ingest | _upstream(model, "drift") - _upstream(model, "champion")
    last = {"ingest": "features", "explore": "exploration", "train": "champion"}[verb]
    return ingest | _upstream(model, last)


def build_jobs(model: Model, assets: Sequence[dg.AssetsDefinition]) -> list[dg.JobDefinition]:
    """Return the jobs of a model, given its assets and checks."""
    jobs = (
        dg.define_asset_job(
            job_name(model.name, verb),
            selection=select(model.name, verb),
            description=description,
            tags={"model": model.name, VERB_TAG: verb},
            executor_def=EXECUTORS[model.spec.executor],
            hooks=FINISH_WITH_LAST_STEP if verb == "train" and model.spec.executor == "multiprocess" else None,
        )
        for verb, description in JOBS.items()
    )
    return resolve_jobs(jobs, assets, RESOURCES)


def find_job(definitions: dg.Definitions, name: str) -> tuple[dg.JobDefinition, tuple[dg.AssetKey, ...]]:
    """Return what a name such as ``flights_train`` runs: a job, and which of its assets (none: all of them).

    Raises
    ------
    WrongCall
        When no job and no selection of a model has this name.
    """
    jobs = [job.name for job in definitions.jobs or ()]
    if name in jobs:
        return definitions.resolve_job_def(name), ()
    graph = definitions.resolve_asset_graph()
    models = {graph.get(key).group_name for key in graph.get_all_asset_keys()}
    model, _, verb = name.rpartition("_")
    if model not in models or verb not in SELECTIONS:
        known = [*jobs, *(job_name(model, verb) for model in models if model for verb in SELECTIONS)]
        raise WrongCall(f"There is no job '{name}'. {did_you_mean(name, known)}")
    keys = tuple(sorted(select(model, verb).resolve(graph)))
    return definitions.resolve_implicit_global_asset_job_def(), keys


def _upstream(model: str, *assets: str) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*([model, asset] for asset in assets)).upstream()
