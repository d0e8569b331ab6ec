"""A tick says why, where Dagster lists it and in its log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.instigation_logger import get_instigation_log_records

from ml_platform.errors import GaveUp
from ml_platform.orchestration.automation.ticks import REASON_TAG, ask, give_up, skip
from ml_platform.retraining.retries import FailedRun

LOG_KEY = ["a", "tick"]
NOW = datetime(2013, 5, 1, tzinfo=UTC)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def tick(instance: dg.DagsterInstance, last: datetime | None = None) -> dg.SensorEvaluationContext:
    return dg.SensorEvaluationContext(
        instance_ref=instance.get_ref(),
        last_tick_completion_time=last.timestamp() if last else None,
        last_run_key=None,
        cursor="before",
        log_key=LOG_KEY,
        repository_name="here",
        sensor_name="sensor",
    )


def logged(instance: dg.DagsterInstance) -> list[str]:
    return [f"{record['levelname']}: {record['msg']}" for record in get_instigation_log_records(instance, LOG_KEY)]


def test_a_tick_that_skips_says_why_in_the_list_and_in_its_log(instance: dg.DagsterInstance) -> None:
    with tick(instance) as context:
        result = skip(context, "Nothing is new.", "after")
    assert result.skip_reason is not None
    assert (result.skip_reason.skip_message, result.cursor) == ("Nothing is new.", "after")
    assert logged(instance) == ["INFO: here - sensor - Nothing is new."]


def test_a_tick_that_asks_for_a_run_says_why_in_its_log_and_on_the_run(instance: dg.DagsterInstance) -> None:
    request = dg.RunRequest(partition_key="2013-04", tags={REASON_TAG: "Drift is critical."})
    with tick(instance) as context:
        result = ask(context, request)
    assert (result.run_requests, result.cursor) == ([request], "before")
    assert logged(instance) == ["INFO: here - sensor - Requests 2013-04: Drift is critical."]


def test_the_first_tick_after_the_last_failure_fails_and_the_next_skips(instance: dg.DagsterInstance) -> None:
    failed = [FailedRun("run", NOW, "killed")]
    with tick(instance, NOW - timedelta(seconds=30)) as context, pytest.raises(GaveUp, match="Given up"):
        give_up(context, "Given up.", failed)
    assert logged(instance) == ["ERROR: here - sensor - Given up."]
    with tick(instance, NOW + timedelta(seconds=1)) as context:
        result = give_up(context, "Given up.", failed)
    assert result.skip_reason is not None
    assert (result.skip_reason.skip_message, result.cursor) == ("Given up.", "before")
