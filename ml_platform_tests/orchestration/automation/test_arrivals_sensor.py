"""A new or corrected file is scored once; one whose run failed waits for its repair."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import RAW, Place


class Arrivals:
    """The arrivals sensor of `flights`."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def tick(self) -> Any:
        sensor = self.place.definitions.resolve_sensor_def("flights_arrivals_sensor")
        with dg.build_sensor_context(
            instance=self.place.instance,
            definitions=self.place.definitions,
            sensor_name=sensor.name,
            resources={"stores": self.place.stores},
        ) as context:
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
    assert (request.partition_key, request.job_name) == ("2013-02", None)
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


def test_a_file_whose_run_failed_waits_for_its_repair_and_does_not_hold_up_the_next(arrivals: Arrivals) -> None:
    arrivals.place.deliver("2013-02")
    (failed,) = arrivals.tick().run_requests
    arrivals.start(failed, dg.DagsterRunStatus.FAILURE)
    assert arrivals.tick().skip_message == "Tried before and not repaired since: 2013-02."
    arrivals.place.deliver("2013-03")
    (other,) = arrivals.tick().run_requests
    assert other.partition_key == "2013-03"
    arrivals.start(other, dg.DagsterRunStatus.FAILURE)
    file = arrivals.place.raw("flights/2013-02.parquet")
    pd.read_parquet(file).iloc[1:].to_parquet(file)
    (repaired,) = arrivals.tick().run_requests
    assert repaired.partition_key == "2013-02"
    assert repaired.run_key != failed.run_key


def test_a_file_that_is_no_partition_is_not_asked_for(arrivals: Arrivals) -> None:
    shutil.copy(RAW / "flights/2013-02.parquet", arrivals.place.raw("flights/february.parquet"))
    assert arrivals.tick().skip_message == "No file is new or has changed."


def test_without_a_champion_nothing_is_scored(place: Place) -> None:
    place.deliver("2013-02")
    assert "no champion yet" in Arrivals(place).tick().skip_message
