"""What is under way for a request, and why an attempt failed, in a line."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from ml_platform.orchestration.automation.attempts import LONGEST_REASON, failed_runs, runs_in_flight


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def fail(instance: dg.DagsterInstance, error: Exception) -> str:
    """Run a job that raises; return its id."""

    @dg.op
    def step() -> None:
        raise error

    @dg.job
    def failing() -> None:
        step()

    return failing.execute_in_process(instance=instance, raise_on_error=False).run_id


def reasons(instance: dg.DagsterInstance) -> dict[str, str]:
    return {one.run_id: one.reason for one in failed_runs(instance, instance.get_run_records())}


def test_a_message_for_people_is_the_reason_and_stays_a_line(instance: dg.DagsterInstance) -> None:
    run_id = fail(instance, dg.Failure("The window has holes:\n  2013-02"))
    assert reasons(instance) == {run_id: "step: The window has holes: 2013-02"}


def test_of_any_other_error_the_cause_is_named_and_cut_short(instance: dg.DagsterInstance) -> None:
    run_id = fail(instance, ValueError("x" * 1000))
    reason = reasons(instance)[run_id]
    assert reason.startswith("step: ValueError: xxx")
    assert len(reason) == LONGEST_REASON + 1


def test_of_a_run_whose_process_died_the_event_before_its_end_is_the_reason(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(dg.GraphDefinition("empty").to_job(), status=dg.DagsterRunStatus.STARTED)
    instance.report_engine_event("The process was terminated by signal 9.", run)
    instance.report_run_failed(run)
    assert reasons(instance) == {run.run_id: "The process was terminated by signal 9."}


def test_a_run_that_died_says_how_dagster_noticed(instance: dg.DagsterInstance) -> None:
    job = dg.GraphDefinition("empty").to_job()
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert [one.run_id for one in runs_in_flight(instance, job_name="empty")] == [run.run_id]
    assert failed_runs(instance, instance.get_run_records()) == []
    instance.report_run_failed(run, "Its process has ended without saying how.")
    assert runs_in_flight(instance) == []
    (failed,) = failed_runs(instance, instance.get_run_records())
    assert failed.reason == "Its process has ended without saying how."
    assert failed.ended_at.tzinfo is not None
