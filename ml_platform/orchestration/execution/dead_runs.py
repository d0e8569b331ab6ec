"""Runs whose process is gone: how one is told, and how it is ended so that nobody waits for it."""

import os
import platform
import subprocess
from pathlib import Path

import dagster as dg

PROCESS_TAG = ".dagster/ml_platform/process"
"""On each run of the command line: machine, boot, number, start of its process. Dagster hides this prefix."""

UNDER_WAY = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def this_process() -> str:
    """Return the value of `PROCESS_TAG` for a run of this process."""
    return local_process(os.getpid())


def local_process(number: int) -> str:
    """Return the value of `PROCESS_TAG` for a run of a process of this machine, also of one that has ended."""
    return " ".join((platform.node(), _boot(), str(number), _started(number) or "0"))


def is_gone(process: str) -> bool:
    """Return whether a process has ended; of a process on another machine nothing is known, so it has not."""
    machine, boot, number, started = process.split(" ")
    if machine != platform.node():
        return False
    return boot != _boot() or _started(int(number)) != started


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark runs of this machine whose process is gone as failed, free their slots in pools, and return their ids."""
    ended = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY)):
        run = record.dagster_run
        process = run.tags.get(PROCESS_TAG)
        if process is not None and is_gone(process):
            instance.report_run_failed(run, "The process of this run has ended without saying how: it was killed.")
            ended.append(run.run_id)
    free_slots_of_ended_runs(instance)
    return ended


def free_slots_of_ended_runs(instance: dg.DagsterInstance) -> None:
    """Free the slots in pools that runs hold which have ended."""
    log = instance.event_log_storage
    holders = log.get_concurrency_run_ids() if log.supports_global_concurrency_limits else ()
    for run_id in holders:
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            log.free_concurrency_slots_for_run(run_id)


def _boot() -> str:
    """Return what changes when the machine is restarted, and not when its clock is set."""
    file = Path("/proc/sys/kernel/random/boot_id")
    return file.read_text(encoding="ascii").strip() if file.exists() else "-"


def _started(number: int) -> str | None:
    """Return when a process started, in a form that is only good for comparing, or None when it has ended."""
    if not Path("/proc/self/stat").exists():  # macOS
        asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(number)], capture_output=True, text=True, check=False)
        return asked.stdout.strip().replace(" ", "_") or None
    try:
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]  # after the name: 0 is the state, 19 the ticks since boot
