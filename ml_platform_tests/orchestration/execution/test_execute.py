"""A run ends with its success, or with what failed in the words of what failed."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.execution.execute import execute_job
from ml_platform_tests.orchestration.execution.slow import newest


def problems(
    instance: dg.DagsterInstance, *assets: dg.AssetsDefinition, **resources: dg.ResourceDefinition
) -> tuple[str, ...]:
    definitions = dg.Definitions(assets=assets, jobs=[dg.define_asset_job("some_job", assets)], resources=resources)
    outcome = execute_job(instance, definitions.resolve_job_def("some_job"), name="some_job", partition=None)
    assert not outcome.success
    assert newest(instance).run_id == outcome.run_id
    return outcome.problems


def test_a_step_that_fails_is_named_with_the_message_for_people(instance: dg.DagsterInstance) -> None:
    @dg.asset
    def careful() -> None:
        raise dg.Failure("flights/2013-01.parquet: 0 rows")

    @dg.asset
    def careless() -> None:
        raise ZeroDivisionError("by zero")

    said = problems(instance, careful, careless)
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

    assert problems(instance, rows) == ("rows key: 14 rows share a key",)


def test_a_run_that_fails_outside_of_its_steps_says_why(instance: dg.DagsterInstance) -> None:
    @dg.resource
    def broken(_: dg.InitResourceContext) -> None:
        raise OSError("no such server")

    @dg.asset(required_resource_keys={"broken"})
    def rows() -> None: ...

    (said,) = problems(instance, rows, broken=broken)
    assert "no such server" in said
