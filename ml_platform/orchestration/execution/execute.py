"""Executes a job in this process, with its progress told, its log in a file, and what has come of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.automation.mlflow_status import close_orphans
from ml_platform.orchestration.dagster_private import execute_in_location, make_new_run_id
from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, end_dead_runs, this_process
from ml_platform.orchestration.execution.pools import wait_for_pools
from ml_platform.orchestration.execution.progress import Done, Progress
from ml_platform.orchestration.execution.run_log import run_log
from ml_platform.orchestration.execution.stoppable import run_stoppable, stopped_by_signals
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform.stores.unwritable import why_unwritable

CHECK_FAILED = "DagsterAssetCheckFailedError"
"""What Dagster ends a step with when a blocking check has failed."""

LOCATION = "ml_platform"
"""The platform's own code location, as `workspace.yaml` calls it."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    run_id: str
    success: bool
    problems: tuple[str, ...]
    """What failed, in the words of the step or check that failed."""
    seconds: float
    log: Path
    """The file with every event of the run, with stacks, and what libraries logged."""


def execute_job(
    instance: dg.DagsterInstance,
    job: dg.JobDefinition,
    assets: Sequence[dg.AssetKey] = (),
    *,
    name: str,
    partition: str | None,
    location: str = LOCATION,
    tags: Mapping[str, str] | None = None,
    on_step: Callable[[Done], None] = lambda _: None,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Execute a job, or some of its assets, as a run of the code location of this name.

    There the UI shows it, as one that it started itself. The `name` is that of the log. `on_step` is called with each
    step when it has ended, `on_wait` with what the run has to wait for.

    Raises
    ------
    Interrupted
        After Ctrl-C or SIGTERM; the run is marked as cancelled.
    """
    run_id = make_new_run_id()
    execute = partial(
        execute_in_location,
        job,
        instance,
        location,
        run_id=run_id,
        partition=partition,
        assets=assets,
        tags={PROCESS_TAG: this_process(), **(tags or {})},
        run_config=QUIET,
    )
    if end_dead_runs(instance):
        with suppress(PlatformError):  # MLflow is not needed for every run
            close_orphans(instance, Stores(Installation.from_environment()))
    began = time.monotonic()
    log_name = "_".join(filter(None, (name, partition, run_id[:8])))
    with run_log(Installation.from_environment().logs, log_name) as log, stopped_by_signals():
        wait_for_pools(instance, job.get_subset(asset_selection=set(assets)) if assets else job, on_wait)
        result = run_stoppable(instance, run_id, execute, [log, Progress(on_step, partition)])
    problems = () if result.success else (*_problems(result),) or (_failure(result),)
    return Outcome(run_id, result.success, problems, time.monotonic() - began, log.file)


def _problems(result: dg.JobExecutionResult) -> list[str]:
    """Return what failed; only the reason when nothing could be written, since every check fails for it."""
    said = [*_failed_checks(result), *_failed_steps(result)]
    return list(dict.fromkeys(filter(None, map(why_unwritable, said)))) or said


def _failed_checks(result: dg.JobExecutionResult) -> Iterator[str]:
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            asset = evaluation.asset_key.to_user_string()
            yield f"{asset} {evaluation.check_name}: {evaluation.description}"


def _failed_steps(result: dg.JobExecutionResult) -> Iterator[str]:
    """Yield why steps failed, but for those whose blocking checks say it."""
    for event in result.get_step_failure_events():
        failure = event.step_failure_data
        if failure.error is None or failure.error.cls_name != CHECK_FAILED:
            said = failure.user_failure_data.description if failure.user_failure_data else failure.error_display_string
            yield f"{event.step_key}: {said}"


def _failure(result: dg.JobExecutionResult) -> str:
    """Return why a run failed outside of its steps, such as in a resource."""
    event = result.get_run_failure_event()
    error = event.job_failure_data.error
    said = error.to_string() if error is not None else event.message or "failed"
    return why_unwritable(said) or said
