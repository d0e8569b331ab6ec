"""The demo runs what has not been run on the same data and code, and what the drift sensor asks for."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from rich.console import Console

from ml_platform.cli import demo
from ml_platform.cli.demo import AFTER_DRIFT, BEFORE_DRIFT, FINGERPRINT_TAG, MODEL, PHASE_TAG, RETRAIN, Runner
from ml_platform.orchestration.execution.run_job import Outcome
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

PHASE = BEFORE_DRIFT[0]


class Runs:
    """Takes the place of `run_job`: each run ends as the test says, and is remembered by the instance."""

    def __init__(self, definitions: dg.Definitions) -> None:
        self.job = definitions.resolve_job_def("flights_train")
        self.status = dg.DagsterRunStatus.SUCCESS
        self.seen: list[tuple[str, str]] = []

    def __call__(
        self,
        _definitions: dg.Definitions,
        instance: dg.DagsterInstance,
        job: str,
        *,
        partition: str,
        tags: dict[str, str],
        on_step: Any,
    ) -> Outcome:
        on_step("a step")
        self.seen.append((job, partition))
        run = instance.create_run_for_job(self.job, tags=tags, status=self.status)
        success = self.status == dg.DagsterRunStatus.SUCCESS
        return Outcome(run.run_id, success, () if success else ("flights/decision gate: no",))


@pytest.fixture
def runs(definitions: dg.Definitions, monkeypatch: pytest.MonkeyPatch) -> Runs:
    runs = Runs(definitions)
    monkeypatch.setattr(demo, "run_job", runs)
    monkeypatch.setattr(demo, "defs", lambda: definitions)
    return runs


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def place(tmp_path: Path) -> Stores:
    return Stores(Installation(tmp_path / "data", f"sqlite:///{tmp_path}/mlflow.db"))


def runner(instance: dg.DagsterInstance, stores: Stores, fingerprint: str = "a") -> tuple[Runner, Console]:
    console = Console(record=True, width=200, file=StringIO())
    return Runner(instance, stores, console, fingerprint), console


def test_the_phases_are_the_months_in_order_and_their_jobs_exist(definitions: dg.Definitions) -> None:
    phases = [*BEFORE_DRIFT, RETRAIN, AFTER_DRIFT]
    assert [phase.partition for phase in phases] == sorted(phase.partition for phase in phases)
    assert len({(phase.job, phase.partition) for phase in phases}) == len(phases)
    assert {phase.job for phase in phases} == {"flights_train", "flights_score", "flights_ingest"}


def test_a_phase_is_run_once_for_the_same_data_and_code(
    instance: dg.DagsterInstance, place: Stores, runs: Runs
) -> None:
    first, console = runner(instance, place)
    first.run(PHASE)
    assert (first.n_run, runs.seen) == (1, [(PHASE.job, PHASE.partition)])
    (record,) = instance.get_run_records()
    assert record.dagster_run.tags[PHASE_TAG] == "flights_train 2013-01"
    assert record.dagster_run.tags[FINGERPRINT_TAG] == "a"
    again, console = runner(instance, place)
    again.run(PHASE)
    assert (again.n_run, len(runs.seen)) == (0, 1)
    assert f"done before: {PHASE.title}" in console.export_text()
    changed, _ = runner(instance, place, "b")
    changed.run(PHASE)
    assert (changed.n_run, len(runs.seen)) == (1, 2)


def test_a_phase_that_failed_says_why_and_is_run_again(instance: dg.DagsterInstance, place: Stores, runs: Runs) -> None:
    runs.status = dg.DagsterRunStatus.FAILURE
    first, console = runner(instance, place)
    first.run(PHASE)
    said = console.export_text()
    assert "flights/decision gate: no" in said
    assert "stopped by a blocking check or an error" in said
    runner(instance, place)[0].run(PHASE)
    assert len(runs.seen) == 2


def test_the_real_sensor_is_asked_and_without_a_report_nothing_runs(
    instance: dg.DagsterInstance, place: Stores, runs: Runs
) -> None:
    one, console = runner(instance, place)
    one.run_sensor(RETRAIN)
    assert "no retrain: No new drift report." in console.export_text()
    assert runs.seen == []


def test_what_the_sensor_asks_for_is_run_once_with_its_reason(
    instance: dg.DagsterInstance, place: Stores, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = dg.RunRequest(tags={"ml_platform/reason": "temp has moved"}, partition_key=RETRAIN.partition)
    answer = dg.SensorResult(run_requests=[request])
    monkeypatch.setattr("ml_platform.orchestration.automation.drift_sensor.answer_newest_report", lambda *_: answer)
    one, console = runner(instance, place)
    one.run_sensor(RETRAIN)
    assert runs.seen == [(RETRAIN.job, RETRAIN.partition)]
    assert "temp has moved" in console.export_text()
    one.run_sensor(RETRAIN)
    assert len(runs.seen) == 1


def test_the_fingerprint_is_that_of_the_data_and_of_the_code(place: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = place.installation.dvc_lock
    lock.write_text("one")
    first = demo.fingerprint(place)
    assert first == demo.fingerprint(place)
    lock.write_text("two")
    assert demo.fingerprint(place) != first
    (lock.parent / "package" / "cli").mkdir(parents=True)
    monkeypatch.setattr(demo, "__file__", str(lock.parent / "package" / "cli" / "demo.py"))
    empty = demo.fingerprint(place)
    (lock.parent / "package" / "new.py").write_text("")
    assert demo.fingerprint(place) != empty
    assert MODEL == "flights"
