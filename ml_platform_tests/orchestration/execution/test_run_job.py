"""A job runs as one of its code location, with its steps told; what does not fit is rejected before there is a run."""

from __future__ import annotations

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


def job_of(*assets: dg.AssetsDefinition) -> dg.Definitions:
    return dg.Definitions(assets=assets, jobs=[dg.define_asset_job("some_job", assets)])


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
