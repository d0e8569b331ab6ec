"""The runs of Dagster that have not ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, UNDER_WAY, is_gone

WAITING = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]


@dataclass(frozen=True)
class Run:
    """A run that waits or is executed."""

    run_id: str
    job: str
    partition: str | None
    waits: bool
    since: datetime
    """When it was created."""


def runs_under_way(instance: dg.DagsterInstance) -> list[Run]:
    """Return the runs that have not ended, the newest first, but for those whose process is gone."""
    statuses = list({*UNDER_WAY, *WAITING})
    records = instance.get_run_records(dg.RunsFilter(statuses=statuses))
    return [_run(record) for record in records if not _is_dead(record.dagster_run)]


def _is_dead(run: dg.DagsterRun) -> bool:
    process = run.tags.get(PROCESS_TAG)
    return process is not None and is_gone(process)


def _run(record: dg.RunRecord) -> Run:
    run = record.dagster_run
    return Run(
        run_id=run.run_id,
        job=run.job_name,
        partition=run.tags.get("dagster/partition"),
        waits=run.status in WAITING,
        since=record.create_timestamp,
    )
