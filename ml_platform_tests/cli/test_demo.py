"""The demo runs what its record does not have, and what the drift sensor asks for; it tells the story either way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from rich.console import Console

from ml_platform.cli import demo
from ml_platform.cli.demo import CLOSING, SENSOR, Runner
from ml_platform.cli.demo_phases import AFTER_DRIFT, BEFORE_DRIFT, RETRAIN
from ml_platform.cli.demo_record import DemoRecord
from ml_platform.errors import PlatformError
from ml_platform.orchestration.execution.execute import Outcome
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


class Runs:
    """Takes the place of `run_job`: each run ends as the test says, and is remembered by the instance."""

    def __init__(self) -> None:
        self.success = True
        self.seen: list[tuple[str, str]] = []

    def __call__(
        self,
        _definitions: dg.Definitions,
        _instance: dg.DagsterInstance,
        job: str,
        *,
        partition: str,
        tags: dict[str, str] | None,
        on_step: Any,
    ) -> Outcome:
        on_step("a step")
        self.seen.append((job, partition))
        self.tags = tags
        problems = () if self.success else ("flights/raw_flights key: 14 rows share it",)
        return Outcome("a run", self.success, problems, seconds=1.0, log=Path("a.log"))


@pytest.fixture
def runs(definitions: dg.Definitions, monkeypatch: pytest.MonkeyPatch) -> Runs:
    runs = Runs()
    monkeypatch.setattr(demo, "run_job", runs)
    monkeypatch.setattr(demo, "story", lambda _stores, _model, verb, partition: [f"{verb} {partition} " + "word " * 30])
    monkeypatch.setattr(demo, "closing", lambda *_, asked: f"asked: {asked}.")
    monkeypatch.setattr(Runner, "definitions", definitions)
    return runs


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def open_demo(instance: dg.DagsterInstance, tmp_path: Path) -> Callable[[], tuple[Runner, Console]]:
    """A demo on the same installation, as often as a test calls it."""
    stores = Stores(Installation(tmp_path / "data", f"sqlite:///{tmp_path}/mlflow.db"))

    def open_demo() -> tuple[Runner, Console]:
        console = Console(record=True, width=200, file=StringIO())
        return Runner(instance, stores, console, DemoRecord.open(tmp_path / "demo.json", "a")), console

    return open_demo


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sensor asks for a retrain."""
    request = dg.RunRequest(tags={"ml_platform/reason": "temp has moved"}, partition_key=RETRAIN.partition)
    answer = dg.SensorResult(run_requests=[request])
    monkeypatch.setattr("ml_platform.orchestration.automation.drift_sensor.answer_newest_report", lambda *_: answer)


Open = Callable[[], tuple[Runner, Console]]


@pytest.mark.usefixtures("asked")
def test_the_loop_is_run_once_and_told_each_time_with_one_closing_sentence(open_demo: Open, runs: Runs) -> None:
    demo, console = open_demo()
    demo.run_all()
    phases = [*BEFORE_DRIFT, RETRAIN, AFTER_DRIFT]
    assert runs.seen == [(phase.job, phase.partition) for phase in phases]
    first = console.export_text()
    assert re.search(r"asked: True\. 7 runs in \d+ s\.\n\Z", first)
    again, console = open_demo()
    again.run_all()
    assert len(runs.seen) == len(phases)
    assert console.export_text().replace("Nothing to redo.", "") == re.sub(r"\d+ runs in \d+ s\.", "", first)


@pytest.mark.usefixtures("asked")
def test_no_line_is_wider_than_a_terminal(open_demo: Open, runs: Runs) -> None:
    demo, console = open_demo()
    demo.run_all()
    assert max(map(len, console.export_text().splitlines())) <= 80


def test_a_phase_that_failed_says_why_ends_the_demo_and_is_run_again(open_demo: Open, runs: Runs) -> None:
    runs.success = False
    demo, console = open_demo()
    with pytest.raises(PlatformError, match="The demo stopped at flights_train 2013-01"):
        demo.run_all()
    assert "14 rows share it" in console.export_text()
    runs.success = True
    open_demo()[0].run(BEFORE_DRIFT[0])
    assert len(runs.seen) == 2


def test_the_real_sensor_is_asked_and_without_a_report_nothing_runs(open_demo: Open, runs: Runs) -> None:
    demo, console = open_demo()
    demo.run_sensor(RETRAIN)
    assert "No retrain: " in console.export_text()
    assert runs.seen == []
    demo.run_all()
    assert CLOSING not in open_demo()[0].record  # the sensor may still ask


@pytest.mark.usefixtures("asked")
def test_what_the_sensor_asks_for_is_run_once_with_its_reason(open_demo: Open, runs: Runs) -> None:
    demo, console = open_demo()
    demo.run_sensor(RETRAIN)
    assert runs.seen == [(RETRAIN.job, RETRAIN.partition)]
    assert runs.tags is not None
    assert runs.tags["ml_platform/reason"] == "temp has moved"
    assert "temp has moved" in console.export_text()
    assert demo.record[SENSOR] == ["It asks for a retrain: temp has moved"]
    demo.run_sensor(RETRAIN)
    assert len(runs.seen) == 1
