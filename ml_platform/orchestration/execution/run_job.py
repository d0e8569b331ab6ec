"""Runs a job in this process, as the UI or a schedule would run it, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import dagster as dg

from ml_platform.orchestration.execution.execute import LOCATION, Outcome, execute_job
from ml_platform.orchestration.execution.progress import Done
from ml_platform.orchestration.jobs import VERB_TAG, find_job, job_name
from ml_platform.orchestration.keys import validate_partition
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import stored_and_stale
from ml_platform.stores.stores import Stores


def run_job(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    name: str,
    *,
    partition: str | None,
    location: str = LOCATION,
    tags: Mapping[str, str] | None = None,
    on_step: Callable[[Done], None] = lambda _: None,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Execute a job such as ``flights_train``.

    It is a run of the code location of this name: there the UI shows it, as one that it started itself.
    `on_step` is called with each step when it has ended, `on_wait` with what the run has to wait for.

    Raises
    ------
    WrongCall
        When there is no such job, or it has no such partition.
    Interrupted
        After Ctrl-C or SIGTERM; the run is marked as cancelled.
    """
    job, assets = validate_run(definitions, name, partition)
    return execute_job(
        instance,
        job,
        assets,
        name=name,
        partition=partition,
        location=location,
        tags={**(_tags(name) if assets else {}), **(tags or {})},
        on_step=on_step,
        on_wait=on_wait,
    )


def validate_run(
    definitions: dg.Definitions, name: str, partition: str | None
) -> tuple[dg.JobDefinition, tuple[dg.AssetKey, ...]]:
    """Return what `find_job` does; a WrongCall says that there is no such job, or that it has no such partition."""
    job, assets = find_job(definitions, name)
    validate_partition(name, _partitions(definitions, job, assets), partition)
    return job, assets


def refresh_model(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    model: Model,
    stores: Stores,
    now: datetime,
    *,
    location: str = LOCATION,
    on_job: Callable[[str], None] = lambda _: None,
    on_step: Callable[[Done], None] = lambda _: None,
) -> list[Outcome]:
    """Recompute each stored partition that is stale, scored ones up to their drift report; oldest first.

    A partition may become stale by the one before it. One that fails is not tried a second time.
    """
    outcomes: list[Outcome] = []
    tried: set[str] = set()
    while waiting := [one for one in stored_and_stale(model, stores, now) if one.state not in tried]:
        one = waiting[0]
        tried.add(one.state)
        job = job_name(model.name, "score" if one.is_scored else "ingest")
        on_job(f"{job} {one.partition or ''}".strip())
        outcomes.append(
            run_job(
                definitions,
                instance,
                job,
                partition=one.partition,
                location=location,
                on_step=on_step,
                on_wait=on_job,
            )
        )
    return outcomes


def _partitions(
    definitions: dg.Definitions, job: dg.JobDefinition, assets: Sequence[dg.AssetKey]
) -> dg.PartitionsDefinition[str] | None:
    graph = definitions.resolve_asset_graph()
    keys = assets or job.asset_layer.executable_asset_keys
    return next((found for key in keys if (found := graph.get(key).partitions_def) is not None), None)


def _tags(name: str) -> dict[str, str]:
    model, _, verb = name.rpartition("_")
    return {"model": model, VERB_TAG: verb}
