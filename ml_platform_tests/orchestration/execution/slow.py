"""A job whose one step takes as long as a test says, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG

SECONDS = "ML_PLATFORM_TEST_SECONDS"


@dg.asset(pool="training")
def slow() -> None:
    print("training", flush=True)
    time.sleep(float(os.environ[SECONDS]))


DEFINITIONS = dg.Definitions(assets=[slow], jobs=[dg.define_asset_job("slow_train", [slow])])
TRAIN = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from unittest.mock import patch
import click, dagster as dg
from ml_platform.cli import main
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform_tests.orchestration.execution.slow import DEFINITIONS

@click.command()
def train():
    with dg.DagsterInstance.get() as instance:
        run_job(DEFINITIONS, instance, "slow_train", partition=None, on_wait=lambda what: print(what, flush=True))

with patch.object(main, "cli", train):
    main.main()
"""


@contextmanager
def training(seconds: float, *, says: str = "training") -> Iterator[subprocess.Popen[str]]:
    """Run the job in a process of its own, which has begun."""
    command = [sys.executable, "-W", "ignore", "-c", TRAIN]
    environment = {**os.environ, SECONDS: str(seconds)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert says in process.stdout.readline()
            yield process
        finally:
            process.kill()


def newest(instance: dg.DagsterInstance) -> dg.DagsterRun:
    return instance.get_run_records(limit=1)[0].dagster_run


def start_run(instance: dg.DagsterInstance, process: str | None) -> dg.DagsterRun:
    tags = {PROCESS_TAG: process} if process else {}
    job = DEFINITIONS.resolve_job_def("slow_train")
    return instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.STARTED)


def claim_slot(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Give a run the one slot of the job's pool, as its step would take it."""
    log = instance.event_log_storage
    log.initialize_concurrency_limit_to_default("training")
    assert log.claim_concurrency_slot("training", run.run_id, "slow").is_claimed
