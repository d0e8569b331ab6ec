"""A new or corrected file is scored once; one whose run failed is tried again; the first ones bring the first model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import dagster as dg
import pandas as pd
import pytest

from ml_platform.errors import GaveUp
from ml_platform.orchestration.automation.arrivals_sensor import ARRIVAL_TAG
from ml_platform.orchestration.automation.drift_sensor import RETRAIN_TAG
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import RAW, Place


class Arrivals:
    """The arrivals sensor of `flights`."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def tick(self, later: timedelta = timedelta()) -> Any:
        """Return what the sensor answers, now or later."""
        sensor = self.place.definitions.resolve_sensor_def("flights_arrivals_sensor")
        with (
            dg.build_sensor_context(
                instance=self.place.instance,
                definitions=self.place.definitions,
                sensor_name=sensor.name,
                resources={"stores": self.place.stores},
            ) as context,
            patch("ml_platform.orchestration.automation.arrivals_sensor._now", lambda: datetime.now(UTC) + later),
        ):
            return sensor.evaluate_tick(context)

    def start(self, request: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        """Make the run that a daemon would make of a request."""
        job = self.place.definitions.resolve_job_def("flights_score")
        self.place.instance.create_run_for_job(job, tags=dict(request.tags) | dict(job.tags), status=status)

    def carry_out(self, request: dg.RunRequest) -> None:
        assert self.place.run("flights_score", request.partition_key, tags=dict(request.tags)).success


@pytest.fixture
def arrivals(trained: Place, tmp_path: Path) -> Iterator[Arrivals]:
    with Place.open_copy(trained.folder, tmp_path / "data", trained.definitions) as place:
        yield Arrivals(place)


def test_a_new_file_is_scored_once(arrivals: Arrivals) -> None:
    assert arrivals.tick().skip_message == "No file is new or has changed."
    arrivals.place.deliver("2013-02")
    (request,) = arrivals.tick().run_requests
    assert (request.partition_key, request.job_name) == ("2013-02", "flights_score")
    assert request.tags["ml_platform/reason"] == "2013-02.parquet of flights is new"
    arrivals.carry_out(request)
    assert arrivals.place.stores.tables.require(ArtifactKey("flights", "predictions", "2013-02")).n_rows
    assert arrivals.tick().skip_message == "No file is new or has changed."


def test_files_that_come_together_are_scored_one_after_the_other(arrivals: Arrivals) -> None:
    arrivals.place.deliver("2013-03")
    arrivals.place.deliver("2013-02")
    (request,) = arrivals.tick().run_requests
    assert request.partition_key == "2013-02"
    arrivals.start(request, dg.DagsterRunStatus.STARTED)
    assert arrivals.tick().skip_message.endswith("which is in flight.")


def test_a_file_whose_run_failed_is_tried_again_later_and_does_not_hold_up_the_next(arrivals: Arrivals) -> None:
    arrivals.place.deliver("2013-02")
    (failed,) = arrivals.tick().run_requests
    arrivals.start(failed, dg.DagsterRunStatus.FAILURE)
    assert "2013-02: attempt 1 of 4 failed in run" in arrivals.tick().skip_message
    arrivals.place.deliver("2013-03")
    (other,) = arrivals.tick().run_requests
    assert other.partition_key == "2013-03"
    (again,) = arrivals.tick(timedelta(minutes=6)).run_requests
    assert (again.partition_key, again.run_key) == ("2013-02", failed.run_key.removesuffix("0") + "1")
    file = arrivals.place.raw("flights/2013-02.parquet")
    pd.read_parquet(file).iloc[1:].to_parquet(file)
    (repaired,) = arrivals.tick().run_requests
    assert repaired.partition_key == "2013-02"
    assert repaired.tags[ARRIVAL_TAG] != failed.tags[ARRIVAL_TAG]


def test_a_file_whose_runs_all_failed_is_given_up_loudly(arrivals: Arrivals) -> None:
    arrivals.place.deliver("2013-02")
    (request,) = arrivals.tick().run_requests
    for _ in range(4):
        arrivals.start(request, dg.DagsterRunStatus.FAILURE)
    with pytest.raises(GaveUp, match="Repair the cause, then run: ml-platform run flights_score --partition 2013-02"):
        arrivals.tick(timedelta(days=1))


def test_a_partition_that_a_training_has_ingested_is_scored_too(arrivals: Arrivals) -> None:
    arrivals.place.deliver("2013-02")
    assert arrivals.place.run("flights_ingest", "2013-02").success
    (request,) = arrivals.tick().run_requests
    assert request.tags["ml_platform/reason"] == "it has not been scored"


def test_predictions_that_a_kill_left_without_a_drift_report_are_compared(arrivals: Arrivals) -> None:
    drift = ArtifactKey("flights", "drift", "2013-01")
    documents = arrivals.place.stores.documents
    documents.write(drift, documents.read(drift), inputs={"flights/predictions/2013-01": "of earlier predictions"})
    (request,) = arrivals.tick().run_requests
    assert request.tags["ml_platform/reason"] == "its predictions have not been compared with the reference"


def test_a_first_candidate_that_was_rejected_is_not_asked_for_again(place: Place) -> None:
    arrivals = Arrivals(place)
    (request,) = arrivals.tick().run_requests
    arrivals.start(request, dg.DagsterRunStatus.SUCCESS)
    assert arrivals.tick().skip_message.endswith("and its files have not changed since.")


def test_a_file_that_is_no_partition_is_not_asked_for(arrivals: Arrivals) -> None:
    shutil.copy(RAW / "flights/2013-02.parquet", arrivals.place.raw("flights/february.parquet"))
    assert arrivals.tick().skip_message == "No file is new or has changed."


def test_without_a_champion_the_first_model_is_trained_on_the_newest_partition_that_has_its_window(
    place: Place,
) -> None:
    arrivals = Arrivals(place)
    place.deliver("2013-02", "2013-12")
    (request,) = arrivals.tick().run_requests
    assert (request.job_name, request.partition_key) == ("flights_train", "2013-02")
    assert "there is no champion yet, and 2013-02 is the newest" in request.tags["ml_platform/reason"]
    assert RETRAIN_TAG not in request.tags, "a first model starts no cool-down"


def test_without_a_champion_and_without_the_files_of_a_window_nothing_is_asked_for(place: Place) -> None:
    place.raw("weather.parquet").unlink()
    assert Arrivals(place).tick().skip_message == (
        "flights has no champion yet, and no partition has the files of its whole training window."
    )
