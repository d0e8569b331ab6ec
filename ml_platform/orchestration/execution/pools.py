"""Waiting for a place in a pool, such as the training of one model, before a run begins."""

import time
from collections.abc import Callable

import dagster as dg

from ml_platform.orchestration.execution.dead_runs import end_dead_runs

POLL_SECONDS = 2.0


def wait_for_pools(instance: dg.DagsterInstance, job: dg.JobDefinition, on_wait: Callable[[str], None]) -> None:
    """Return when the pools of a job have a free slot; `on_wait` is told once which runs hold them.

    A slot of a run whose process is gone is freed meanwhile. Dagster itself would wait inside of the run: without a
    word, and at full speed.
    """
    told = None
    while holders := _holders(instance, job):
        if holders != told:
            on_wait("Waiting for " + "; ".join(f"{pool}, held by {run}" for pool, run in holders.items()))
            told = holders
        time.sleep(POLL_SECONDS)
        end_dead_runs(instance)


def _holders(instance: dg.DagsterInstance, job: dg.JobDefinition) -> dict[str, str]:
    """Return the pools without a free slot, and who holds them."""
    log = instance.event_log_storage
    if not log.supports_global_concurrency_limits:
        return {}
    pools = {node.definition.pool for node in job.nodes if isinstance(node.definition, dg.OpDefinition)}
    held: dict[str, str] = {}
    for pool in sorted(filter(None, pools)):
        info = log.get_concurrency_info(pool)
        if info.claimed_slots and info.active_slot_count >= (info.limit or info.slot_count):
            held[pool] = ", ".join(_describe(instance, run_id) for run_id in sorted(info.active_run_ids))
    return held


def _describe(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    if run is None:
        return f"run {run_id}"
    return " ".join(filter(None, (f"run {run_id}:", run.job_name, run.tags.get("dagster/partition"))))
