"""A run ends with its success, or with what failed in the words of what failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.errors import WrongCall
from ml_platform.orchestration.execution.dead_runs import PROCESS_TAG, this_process
from ml_platform.orchestration.execution.progress import Done
from ml_platform.orchestration.execution.run_job import run_job
from ml_platform_tests.orchestration.execution import slow
from ml_platform_tests.orchestration.execution.shown import JOB, TIMELINE, ask
from ml_platform_tests.orchestration.execution.slow import DEFINITIONS, newest


def job_of(*assets: dg.AssetsDefinition, **resources: dg.ResourceDefinition) -> dg.Definitions:
    return dg.Definitions(assets=assets, jobs=[dg.define_asset_job("some_job", assets)], resources=resources)


def problems(instance: dg.DagsterInstance, definitions: dg.Definitions) -> tuple[str, ...]:
    outcome = run_job(definitions, instance, "some_job", partition=None)
    assert not outcome.success
    assert newest(instance).run_id == outcome.run_id
    return outcome.problems


def test_a_run_reports_its_steps_and_bears_the_tags_and_the_mark_of_its_process(instance: dg.DagsterInstance) -> None:
    steps: list[Done] = []
    outcome = run_job(DEFINITIONS, instance, "slow_train", partition=None, tags={"why": "test"}, on_step=steps.append)
    assert (outcome.success, outcome.problems, [step.name for step in steps]) == (True, (), ["slow"])
    tags = newest(instance).tags
    assert (tags["why"], tags[PROCESS_TAG]) == ("test", this_process())


def test_the_ui_shows_a_run_in_the_timeline_and_on_the_page_of_its_job(instance: dg.DagsterInstance) -> None:
    run_id = run_job(DEFINITIONS, instance, "slow_train", partition=None, location="somebody_elses").run_id
    file = Path(slow.__file__)
    (run,) = ask(instance, file, "somebody_elses", TIMELINE)["runsOrError"]["results"]
    assert (run["runId"], run["pipelineName"]) == (run_id, "slow_train")
    assert run["repositoryOrigin"] == {
        "repositoryName": "__repository__",
        "repositoryLocationName": "somebody_elses",
    }
    assert {"key": "dagster/code_location", "value": "somebody_elses"} in run["tags"]
    shown = ask(instance, file, "somebody_elses", JOB, job="slow_train")
    assert shown["pipelineOrError"]["runs"] == [{"runId": run_id}]


def test_a_step_that_fails_is_named_with_the_message_for_people(instance: dg.DagsterInstance) -> None:
    @dg.asset
    def careful() -> None:
        raise dg.Failure("flights/2013-01.parquet: 0 rows")

    @dg.asset
    def careless() -> None:
        raise ZeroDivisionError("by zero")

    said = problems(instance, job_of(careful, careless))
    assert said[0] == "careful: flights/2013-01.parquet: 0 rows"
    assert said[1].startswith("careless: ")
    assert "ZeroDivisionError: by zero" in said[1]


def test_a_blocking_check_that_fails_is_named_without_a_stack_and_another_one_is_not(
    instance: dg.DagsterInstance,
) -> None:
    @dg.asset(
        check_specs=[
            dg.AssetCheckSpec("key", asset="rows", blocking=True),
            dg.AssetCheckSpec("mean", asset="rows"),
        ]
    )
    def rows() -> Iterator[object]:
        yield dg.MaterializeResult()
        yield dg.AssetCheckResult(check_name="key", passed=False, description="14 rows share a key")
        yield dg.AssetCheckResult(check_name="mean", passed=False, description="moved")

    assert problems(instance, job_of(rows)) == ("rows key: 14 rows share a key",)


def test_a_run_that_fails_outside_of_its_steps_says_why(instance: dg.DagsterInstance) -> None:
    @dg.resource
    def broken(_: dg.InitResourceContext) -> None:
        raise OSError("no such server")

    @dg.asset(required_resource_keys={"broken"})
    def rows() -> None: ...

    (said,) = problems(instance, job_of(rows, broken=broken))
    assert "no such server" in said


def test_a_job_that_does_not_exist_starts_no_run(instance: dg.DagsterInstance) -> None:
    with pytest.raises(WrongCall, match="There is no job 'slow_trian'"):
        run_job(DEFINITIONS, instance, "slow_trian", partition=None)
    assert instance.get_run_records() == []


MONTHS = dg.MonthlyPartitionsDefinition("2013-01", end_date="2014-01", fmt="%Y-%m")


@pytest.mark.parametrize(
    ("partitions", "partition", "said"),
    [
        (
            MONTHS,
            None,
            "some_job needs a partition, 2013-01 … 2013-12. Run: ml-platform run some_job --partition ",
        ),
        (MONTHS, "2013-13", "some_job has no partition '2013-13', only 2013-01 … 2013-12."),
        (None, "2013-01", "some_job has no partitions. Run: ml-platform run some_job"),
    ],
)
def test_a_partition_that_does_not_fit_is_rejected_before_there_is_a_run(
    instance: dg.DagsterInstance, partitions: dg.PartitionsDefinition[str] | None, partition: str | None, said: str
) -> None:
    @dg.asset(partitions_def=partitions)
    def rows() -> None: ...

    before = len(instance.get_runs())
    with pytest.raises(WrongCall) as raised:
        run_job(job_of(rows), instance, "some_job", partition=partition)
    assert str(raised.value).startswith(said)
    assert len(instance.get_runs()) == before
