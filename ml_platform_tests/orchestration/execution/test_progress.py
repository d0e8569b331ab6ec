"""A run tells a line per step, and per earlier partition that a step fills, each with its time."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.execution.progress import Done
from ml_platform.orchestration.execution.run_job import run_job

MONTHS = dg.MonthlyPartitionsDefinition("2013-01", end_date="2014-01", fmt="%Y-%m")


@dg.multi_asset(name="shop__features", specs=[dg.AssetSpec(["shop", "features"], partitions_def=MONTHS)])
def features() -> Iterator[object]:
    yield dg.AssetMaterialization(["shop", "valid"], partition="2013-02")
    yield dg.MaterializeResult(asset_key=["shop", "features"])


@dg.multi_asset(name="shop__planes", specs=[dg.AssetSpec(["shop", "planes"])])
def planes() -> Iterator[object]:
    yield dg.MaterializeResult(asset_key=["shop", "planes"])


def test_steps_and_filled_partitions_are_told_by_the_asset_and_partition_that_they_have_made(
    instance: dg.DagsterInstance,
) -> None:
    definitions = dg.Definitions(
        assets=[features, planes],
        jobs=[dg.define_asset_job("shop_train", [features, planes])],
        executor=dg.in_process_executor,
    )
    done: list[Done] = []
    assert run_job(definitions, instance, "shop_train", partition="2013-03", on_step=done.append).success
    told = {(one.name, one.partition) for one in done}
    assert told == {("valid", "2013-02"), ("features", "2013-03"), ("planes", None)}
    assert all(one.seconds >= 0 for one in done)


def test_a_line_has_asset_partition_and_seconds() -> None:
    assert str(Done("features", "2013-02", 1.26)).split() == ["features", "2013-02", "1.3", "s"]
    assert str(Done("raw_planes", None, 0.04)).split() == ["raw_planes", "0.0", "s"]
