"""A year of flights comes file by file; the daemon and a training are killed; nobody does anything about it."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import dagster as dg
import pytest

from ml_platform.orchestration.automation.arrivals_sensor import ARRIVAL_TAG
from ml_platform.orchestration.automation.drift_sensor import REPORT_TAG
from ml_platform.orchestration.automation.ticks import REASON_TAG
from ml_platform.orchestration.decided import came_to_decision
from ml_platform_tests.e2e.unattended import Airport
from ml_platform_tests.e2e.watcher import Watcher

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.timeout(1800)]

MONTHS = [f"2013-{number:02}" for number in range(1, 13)]
ARRIVALS, DRIFT = "flights_arrivals_sensor", "flights_drift_sensor"
T = TypeVar("T")

SECONDS = 300
"""For a month, on a busy machine."""


@dataclass
class Year:
    """What there is at its end."""

    airport: Airport
    watcher: Watcher

    @property
    def instance(self) -> dg.DagsterInstance:
        return self.watcher.instance

    def runs(self, job: str, **tags: str) -> list[dg.DagsterRun]:
        return list(self.instance.get_runs(dg.RunsFilter(job_name=job, tags=tags)))

    def decided(self, run: dg.DagsterRun) -> bool:
        return came_to_decision(self.instance, self.airport.stores, "flights", run.run_id)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    airport = Airport(tmp_path_factory.mktemp("year"))
    with pytest.MonkeyPatch.context() as patch, airport.stack:
        patch.setenv("DAGSTER_HOME", str(airport.home))
        airport.start()
        with dg.DagsterInstance.from_config(str(airport.home)) as instance:
            year = Year(airport, Watcher(instance))
            _deliver_all(year)
            yield year


def _deliver_all(year: Year) -> None:
    """Deliver each month when the one before has come to rest; kill a retrain and, in the next month, the daemon."""
    killed: list[str] = []
    for month in MONTHS:
        year.airport.deliver(month)
        if killed == ["retrain"]:
            _kill_daemon_in_a_tick(year)
            killed.append("daemon")
        elif not killed and month > MONTHS[0] and _is_retrained(year, month):
            _kill_retrain(year)
            killed.append("retrain")
        _wait(year, f"{month} to come to rest", lambda month=month: _is_decided(year, month))
    assert killed == ["retrain", "daemon"]


def _kill_daemon_in_a_tick(year: Year) -> None:
    _wait(year, "a tick", lambda: year.watcher.is_ticking(ARRIVALS), every=0.005)
    year.airport.kill_daemon()
    year.airport.start_daemon()


def _kill_retrain(year: Year) -> None:
    process = _wait(year, "training", lambda: year.watcher.process_in("flights_train", "flights__candidate"), every=0.1)
    os.kill(process, signal.SIGKILL)


def _is_retrained(year: Year, month: str) -> bool:
    """Wait for a month's report; return whether it asks for a retrain."""

    def answer() -> str:
        if not year.airport.is_compared(month):
            return ""
        asked = year.runs("flights_train", **{REPORT_TAG: year.airport.report_version(month)})
        return "retrain" if asked else "nothing" if _is_decided(year, month) else ""

    return _wait(year, f"the report on {month}", answer) == "retrain"


def _is_decided(year: Year, month: str) -> bool:
    if not year.airport.is_compared(month) or year.watcher.under_way():
        return False
    return year.watcher.cursor(DRIFT) == year.airport.report_version(month)


def _wait(year: Year, what: str, attempt: Callable[[], T], *, every: float = 0.5) -> T:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if found := attempt():
            return found
        time.sleep(every)
    raise TimeoutError(f"Waited for {what}: {year.airport.log()}")


def test_every_month_is_scored_once(year: Year) -> None:
    scored = [run for run in year.runs("flights_score") if run.is_success]
    assert sorted(run.tags["dagster/partition"] for run in scored) == MONTHS
    assert all(ARRIVAL_TAG in run.tags for run in scored)


def test_every_critical_report_is_answered_once_and_nothing_else_is_trained(year: Year) -> None:
    critical = [
        month
        for month in MONTHS[1:]
        if any(column["level"] == "critical" for column in year.airport.report(month)["columns"])
    ]
    decided = [run for run in year.runs("flights_train") if year.decided(run)]
    first, *answers = sorted(decided, key=lambda run: run.tags["dagster/partition"])
    assert (first.tags["dagster/partition"], REPORT_TAG in first.tags) == (MONTHS[0], False)
    assert 0 < len(critical) < len(MONTHS) - 1
    asked = [(run.tags["dagster/partition"], run.tags[REPORT_TAG]) for run in answers]
    assert asked == [(month, year.airport.report_version(month)) for month in critical]


def test_what_was_killed_was_tried_again_and_nothing_is_left_open(year: Year) -> None:
    runs = list(year.instance.get_runs())
    (killed,) = (run for run in runs if run.is_failure_or_canceled and run.job_name == "flights_train")
    assert [run for run in runs if not run.is_finished] == []
    answered = year.runs("flights_train", **{REPORT_TAG: killed.tags[REPORT_TAG]})
    assert [year.decided(run) for run in answered] == [True, False]
    _wait(year, "MLflow's runs to be closed", lambda: "RUNNING" not in _mlflow_statuses(year.airport.folder))


def test_the_ledger_explains_each_decision(year: Year) -> None:
    entries = year.airport.stores.ledger("flights").entries()
    assert {entry.partition for entry in entries} == {
        run.tags["dagster/partition"] for run in year.runs("flights_train") if year.decided(run)
    }
    for entry in entries:
        assert entry.reasons
        assert entry.dagster_run_id
        run = year.instance.get_run_by_id(entry.dagster_run_id)
        assert run is not None
        assert run.tags[REASON_TAG]


def _mlflow_statuses(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "data" / "mlflow" / "mlflow.db")) as connection:
        return {status for (status,) in connection.execute("SELECT status FROM runs")}
