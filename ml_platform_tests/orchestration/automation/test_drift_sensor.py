"""One retrain for a critical report, none while one is under way or cooling down, and a sentence for every decision."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ml_platform.errors import GaveUp
from ml_platform.orchestration.automation.drift_sensor import REPORT_TAG, RETRAIN_TAG
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.ledger_entry import Action, LedgerEntry
from ml_platform.stores.stores import Stores
from ml_platform_tests.place import Place

JOB = "flights_train"
SINCE = timedelta(hours=25)
"""Longer than the cool-down in the model's YAML."""


@dataclass
class Watch:
    """The drift sensor of `flights`, its instance, and the clock that it is shown."""

    place: Place
    stores: Stores
    clock: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.clock

    def report(self, partition: str, level: str, *, version: str = "1", psi: float = 0.4) -> str:
        """Store a report as the drift asset would, and return its version."""
        columns = [{"column": "temp", "value": psi, "level": level}, {"column": "humid", "value": 0.0, "level": "ok"}]
        document = {"metric": "population_stability_index", "columns": columns, "partition": partition}
        artifact = ArtifactKey("flights", "drift", partition)
        stored = self.stores.documents.write(artifact, {**document, "model_version": version})
        return stored.version

    def tick(self, cursor: str | None = None, last_tick: datetime | None = None) -> Any:
        sensor = self.place.definitions.resolve_sensor_def("flights_drift_sensor")
        with dg.build_sensor_context(
            instance=self.place.instance,
            definitions=self.place.definitions,
            sensor_name=sensor.name,
            resources={"stores": self.stores},
            cursor=cursor,
        ) as context:
            context._last_tick_completion_time = last_tick.timestamp() if last_tick else None
            return sensor.evaluate_tick(context)

    def launch(self, request: dg.RunRequest, status: dg.DagsterRunStatus) -> str:
        """Make the run that a daemon would make of a request."""
        job = self.place.definitions.resolve_job_def(JOB)
        partition = {"dagster/partition": request.partition_key} if request.partition_key else {}
        run = self.place.instance.create_run_for_job(job, tags={**request.tags, **partition}, status=status)
        return str(run.run_id)

    def decide(self, run_id: str, action: Action, version: str | None = None) -> None:
        entry = LedgerEntry(
            at=self.now(),
            model="flights",
            partition="2013-04",
            action=action,
            version=version,
            run_id="of MLflow",
            onnx_sha256="0",
            dagster_run_id=run_id,
        )
        self.stores.ledger("flights").append(entry)


@pytest.fixture
def watch(trained: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """The champion of January, whose drift the test makes up; the database is the test's own."""
    shutil.copytree(trained.folder / "mlflow", tmp_path / "mlflow")
    for file in trained.folder.glob("ml_platform.db*"):
        shutil.copy(file, tmp_path)
    with Place.open(tmp_path, trained.definitions) as place:
        watch = Watch(place, place.stores)
        monkeypatch.setattr("ml_platform.orchestration.automation.drift_sensor._now", watch.now)
        yield watch


def test_without_a_report_there_is_nothing_to_decide(watch: Watch, place: Place) -> None:
    watch.stores = place.stores
    tick = watch.tick()
    assert (tick.skip_message, tick.run_requests, tick.cursor) == ("No new drift report.", [], None)


def test_drift_on_what_the_champion_was_trained_on_triggers_nothing(watch: Watch) -> None:
    watch.report("2013-01", "critical")
    tick = watch.tick()
    assert tick.skip_message == "Drift on 2013-01 triggers nothing: version 1 was trained on data up to 2013-01."
    assert watch.tick(tick.cursor).skip_message == "No new drift report."


def test_a_calm_report_is_decided_once(watch: Watch) -> None:
    watch.report("2013-02", "warning")
    tick = watch.tick()
    assert tick.skip_message == "Drift on 2013-02 is not critical in any column."
    assert watch.tick(tick.cursor).skip_message == "No new drift report."


def test_a_critical_report_asks_for_one_run_that_says_why(watch: Watch) -> None:
    version = watch.report("2013-04", "critical")
    (request,) = watch.tick().run_requests
    assert request.partition_key == "2013-04"
    assert request.run_key == f"drift-2013-04-{version[:12]}-0"
    assert request.tags[RETRAIN_TAG] == "drift"
    assert request.tags[REPORT_TAG] == version
    assert request.tags["ml_platform/reason"] == "Drift on 2013-04 is critical in temp (PSI 0.40): retrain."
    (again,) = watch.tick().run_requests
    assert again.run_key == request.run_key, "a daemon that was restarted asks for the same run"


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_no_second_run_while_one_is_in_flight(watch: Watch, status: dg.DagsterRunStatus) -> None:
    watch.report("2013-04", "critical")
    tick = watch.tick()
    run_id = watch.launch(tick.run_requests[0], status)
    watch.clock = SINCE
    second = watch.tick(tick.cursor)
    assert not second.run_requests
    assert second.skip_message.endswith(f"waiting for training run {run_id}, which is in flight.")
    assert second.cursor == tick.cursor, "the report has not been answered"


def test_a_run_that_was_started_by_hand_is_waited_for_too(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    run_id = watch.launch(dg.RunRequest(), dg.DagsterRunStatus.STARTED)
    assert run_id in watch.tick().skip_message


def test_a_failed_attempt_starts_no_cooldown_and_is_tried_again_under_a_new_key(watch: Watch) -> None:
    version = watch.report("2013-04", "critical")
    tick = watch.tick()
    run_id = watch.launch(tick.run_requests[0], dg.DagsterRunStatus.FAILURE)
    second = watch.tick(tick.cursor)
    assert f"attempt 1 of 4 failed in run {run_id} (it says no reason); the next attempt is at " in second.skip_message
    assert second.cursor == tick.cursor
    watch.clock = timedelta(minutes=6)
    (third,) = watch.tick(second.cursor).run_requests
    assert third.run_key == f"drift-2013-04-{version[:12]}-1"
    assert "attempt 1 of 4 failed" in third.tags["ml_platform/reason"]


def test_after_the_last_attempt_a_tick_fails_and_the_next_ones_skip_with_its_reason(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    (request,) = watch.tick().run_requests
    run_ids = [watch.launch(request, dg.DagsterRunStatus.FAILURE) for _ in range(4)]
    with pytest.raises(GaveUp, match=r"attempt 4 of 4 failed .* ml-platform train flights --partition 2013-04"):
        watch.tick()
    later = watch.tick(last_tick=datetime.now(tz=UTC) + timedelta(minutes=1))
    assert "given up" in later.skip_message
    assert any(run_id in later.skip_message for run_id in run_ids)
    by_hand = watch.launch(dg.RunRequest(partition_key="2013-04"), dg.DagsterRunStatus.SUCCESS)
    watch.decide(by_hand, "rejected")
    assert watch.tick().skip_message == f"The report on 2013-04 was answered by run {by_hand}."


def test_a_retrain_that_was_decided_starts_the_cooldown(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    first = watch.tick()
    watch.decide(watch.launch(first.run_requests[0], dg.DagsterRunStatus.SUCCESS), "rejected")
    watch.report("2013-05", "critical")
    cooling = watch.tick(watch.tick(first.cursor).cursor)
    until = (datetime.now(tz=UTC) + timedelta(hours=24)).strftime("%Y-%m-%dT%H")
    assert f"cooling down until {until}" in cooling.skip_message
    watch.clock = SINCE
    assert watch.tick(cooling.cursor).run_requests


def test_a_report_whose_candidate_was_rejected_is_not_answered_again(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    tick = watch.tick()
    run_id = watch.launch(tick.run_requests[0], dg.DagsterRunStatus.FAILURE)
    watch.decide(run_id, "rejected")
    watch.clock = SINCE
    second = watch.tick(tick.cursor)
    assert second.skip_message == f"The report on 2013-04 was answered by run {run_id}."
    assert watch.tick(second.cursor).skip_message == "No new drift report."


def test_a_report_whose_candidate_was_promoted_is_about_an_older_champion(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    tick = watch.tick()
    watch.decide(watch.launch(tick.run_requests[0], dg.DagsterRunStatus.SUCCESS), "promoted", "2")
    watch.clock = SINCE
    assert watch.tick(tick.cursor).skip_message == (
        "The report on 2013-04 is about version 1; version 2 is champion now."
    )


def test_a_report_about_an_older_champion_is_passed_over(watch: Watch) -> None:
    watch.report("2013-04", "critical", version="7")
    tick = watch.tick()
    assert not tick.run_requests
    assert tick.skip_message == "The report on 2013-04 is about version 7; version 1 is champion now."
    assert watch.tick(tick.cursor).skip_message == "No new drift report."


def test_an_older_partition_that_is_scored_again_does_not_hide_a_critical_one(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    watch.report("2013-01", "ok")
    (request,) = watch.tick().run_requests
    assert request.partition_key == "2013-04"


def test_a_new_report_on_the_same_partition_is_a_new_question(watch: Watch) -> None:
    watch.report("2013-04", "critical")
    first = watch.tick()
    watch.decide(watch.launch(first.run_requests[0], dg.DagsterRunStatus.SUCCESS), "rejected")
    answered = watch.tick(first.cursor)
    watch.clock = SINCE
    watch.report("2013-04", "critical", psi=0.9)
    (request,) = watch.tick(answered.cursor).run_requests
    assert request.run_key != first.run_requests[0].run_key
