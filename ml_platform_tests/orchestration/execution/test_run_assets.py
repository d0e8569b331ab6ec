"""Selected assets are materialized in a run of the code location, once their partition fits."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.errors import WrongCall
from ml_platform.orchestration.execution.progress import Done
from ml_platform.orchestration.execution.run_assets import find_assets, run_assets
from ml_platform_tests.orchestration.execution.slow import newest

MONTHS = dg.MonthlyPartitionsDefinition("2013-01", end_date="2014-01", fmt="%Y-%m")
YEARS = dg.TimeWindowPartitionsDefinition(start="2013", end="2015", fmt="%Y", cron_schedule="0 0 1 1 *")


@dg.asset
def planes() -> None: ...


@dg.asset(partitions_def=MONTHS, deps=[planes])
def flights() -> None: ...


@dg.asset(partitions_def=YEARS)
def people() -> None: ...


DEFINITIONS = dg.Definitions(assets=[planes, flights, people])


def test_the_run_has_the_selected_assets_their_partition_and_its_location(instance: dg.DagsterInstance) -> None:
    steps: list[Done] = []
    assets = find_assets(DEFINITIONS, '+key:"flights"', "2013-02")
    outcome = run_assets(
        DEFINITIONS, instance, assets, partition="2013-02", location="somebody_elses", on_step=steps.append
    )
    assert outcome.success
    assert outcome.log.exists()
    assert [(step.name, step.partition) for step in steps] == [("planes", None), ("flights", "2013-02")]
    run = newest(instance)
    assert run.tags["dagster/partition"] == "2013-02"
    assert run.asset_selection == set(assets)
    assert run.remote_job_origin is not None
    assert run.remote_job_origin.location_name == "somebody_elses"


@pytest.mark.parametrize(
    ("select", "partition", "said"),
    [
        ("group:nobody", None, "group:nobody' matches no asset. Groups: default"),
        ("flights", None, "needs a --partition, 2013-01 … 2013-12"),
        ("flights", "2013-13", "only 2013-01 … 2013-12"),
        ("planes", "2013-01", "nothing in the selection 'planes' is partitioned"),
        ("flights,people", "2013-01", "different partitions"),
    ],
)
def test_what_does_not_fit_is_a_wrong_call(select: str, partition: str | None, said: str) -> None:
    with pytest.raises(WrongCall, match=said):
        find_assets(DEFINITIONS, select, partition)
