"""Events are written several at a time; nobody who reads misses one, and a killed run keeps all but its last second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy.exc import OperationalError

from ml_platform.orchestration.execution import event_log
from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME, SETTINGS
from ml_platform.orchestration.execution.event_log import BatchedEventLog

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dg.multi_asset(
    specs=[dg.AssetSpec("rows")],
    check_specs=[dg.AssetCheckSpec("complete", asset="rows"), dg.AssetCheckSpec("unique", asset="rows")],
)
def rows() -> Iterator[object]:
    yield dg.MaterializeResult(asset_key="rows", metadata={"n": 3})
    yield dg.AssetCheckResult(asset_key="rows", check_name="complete", passed=True)
    yield dg.AssetCheckResult(asset_key="rows", check_name="unique", passed=False)


JOB = dg.Definitions(assets=[rows], jobs=[dg.define_asset_job("job", [rows])]).resolve_job_def("job")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dagster.yaml").write_text(SETTINGS)
    monkeypatch.setenv(DAGSTER_HOME, str(tmp_path))
    return tmp_path


def run(instance: dg.DagsterInstance) -> str:
    return JOB.execute_in_process(instance=instance, run_config=QUIET).run_id


def what_happened(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    return [entry.dagster_event.event_type_value for entry in instance.all_logs(run_id) if entry.dagster_event]


def test_the_log_says_what_dagsters_own_says(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, BatchedEventLog)
        ours = what_happened(instance, run(instance))
    plain = tmp_path_factory.mktemp("plain")
    (plain / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(plain)) as instance:
        theirs = what_happened(instance, run(instance))
    assert ours == theirs


def test_assets_and_checks_are_found_by_another_process(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        run_id = run(instance)
    with dg.DagsterInstance.get() as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("rows"))
        assert event is not None
        assert event.run_id == run_id
        statuses = {
            name: instance.event_log_storage.get_asset_check_execution_history(
                dg.AssetCheckKey(dg.AssetKey("rows"), name), limit=5
            )
            for name in ("complete", "unique")
        }
        assert [record.status.value for record in statuses["complete"]] == ["SUCCEEDED"]
        assert [record.status.value for record in statuses["unique"]] == ["FAILED"]


def test_a_log_of_before_is_read_on(home: Path) -> None:
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.get() as instance:
        run_id = run(instance)
        before = what_happened(instance, run_id)
    (home / "dagster.yaml").write_text(SETTINGS)
    with dg.DagsterInstance.get() as instance:
        assert what_happened(instance, run_id) == before


def test_the_databases_are_opened_a_few_times_for_many_events(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    flush = BatchedEventLog.flush

    def count(log: BatchedEventLog) -> None:
        flushed.extend([len(log._waiting)] if log._waiting else [])
        flush(log)

    monkeypatch.setattr(BatchedEventLog, "flush", count)
    with dg.DagsterInstance.get() as instance:
        n_events = len(instance.all_logs(run(instance)))
    assert sum(flushed) >= n_events
    assert len(flushed) <= n_events / 2


def test_events_that_could_not_be_written_are_written_later(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with dg.DagsterInstance.get() as instance:
        log = instance.event_log_storage
        assert isinstance(log, BatchedEventLog)
        run_id = run(instance)
        before = what_happened(instance, run_id)
        begin = BatchedEventLog._begin

        def full(*_: object) -> None:
            raise OperationalError("database or disk is full", None, Exception())

        monkeypatch.setattr(BatchedEventLog, "_begin", full)
        instance.report_engine_event("first", run_id=run_id, job_name="job")
        with pytest.raises(OperationalError):
            log.flush()
        monkeypatch.setattr(BatchedEventLog, "_begin", begin)
        instance.report_engine_event("second", run_id=run_id, job_name="job")
        assert what_happened(instance, run_id) == [*before, "ENGINE_EVENT", "ENGINE_EVENT"]


KILLED = """
    import sys, time
    import dagster as dg

    @dg.asset
    def slow(context):
        context.log.info("half way")
        print("half way", flush=True)
        time.sleep(60)

    job = dg.Definitions(assets=[slow], jobs=[dg.define_asset_job("job", [slow])]).resolve_job_def("job")
    with dg.DagsterInstance.get() as instance:
        job.execute_in_process(instance=instance)
"""


@pytest.mark.processes
def test_a_killed_run_keeps_what_it_logged_more_than_a_second_before(home: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half way\n"
        time.sleep(5 * event_log.WAIT_SECONDS)
        process.send_signal(signal.SIGKILL)
    with dg.DagsterInstance.get() as instance:
        (record,) = instance.get_run_records()
        said = [entry.user_message for entry in instance.all_logs(record.dagster_run.run_id)]
    assert "half way" in said
