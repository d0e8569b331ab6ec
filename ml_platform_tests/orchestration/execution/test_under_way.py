"""Runs under way are those that have not ended, without those whose process was killed."""

from __future__ import annotations

import dagster as dg

from ml_platform.orchestration.execution.dead_runs import this_process
from ml_platform.orchestration.execution.under_way import runs_under_way
from ml_platform_tests.orchestration.execution.slow import start_run


def test_a_run_is_told_with_its_job_until_it_has_ended(instance: dg.DagsterInstance) -> None:
    run = start_run(instance, this_process())
    (found,) = runs_under_way(instance)
    assert (found.run_id, found.job, found.waits) == (run.run_id, run.job_name, False)
    instance.report_run_canceled(run)
    assert runs_under_way(instance) == []


def test_a_run_whose_process_is_gone_is_not_under_way(instance: dg.DagsterInstance) -> None:
    start_run(instance, " ".join([*this_process().split()[:2], "999999999", "1"]))
    assert runs_under_way(instance) == []
