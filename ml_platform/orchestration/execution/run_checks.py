"""Evaluates asset checks, and nothing but asset checks, on what is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import dagster as dg

from ml_platform.errors import WrongCall
from ml_platform.orchestration.dagster_private import AssetGraph, execute_in_location, make_new_run_id
from ml_platform.orchestration.execution.execute import LOCATION, QUIET
from ml_platform.orchestration.execution.selection import groups, select_assets

Status = Literal["passed", "warned", "failed"]


@dataclass(frozen=True)
class CheckResult:
    """What one check said of one partition of one asset."""

    asset: str
    check: str
    partition: str | None
    status: Status
    message: str


@dataclass(frozen=True)
class _Selected:
    key: dg.AssetCheckKey
    partition: str | None


def run_checks(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    *,
    select: str,
    partition: str | None,
    location: str = LOCATION,
) -> list[CheckResult]:
    """Evaluate the checks of the selected assets, ordered by asset and check, in a run of this code location.

    A partitioned asset is checked at `partition`; without one, at its newest materialized partition. A check that did
    not come to a validation has failed.

    Raises
    ------
    WrongCall
        When the selection matches no check, or an asset that it matches has no such partition.
    """
    graph = definitions.resolve_asset_graph()
    selected = [_at(graph, instance, key, partition) for key in _select(graph, select)]
    if partition is not None and all(one.partition is None for one in selected):
        raise WrongCall(f"--partition {partition}: nothing in the selection '{select}' is partitioned.")
    by_partition: dict[str | None, list[dg.AssetCheckKey]] = defaultdict(list)
    for one in selected:
        by_partition[one.partition].append(one.key)
    results = [
        result for at, keys in by_partition.items() for result in _evaluate(definitions, instance, keys, at, location)
    ]
    return sorted(results, key=lambda result: (result.asset, result.check))


def _select(graph: AssetGraph, select: str) -> list[dg.AssetCheckKey]:
    assets = select_assets(graph, select)
    keys = sorted(key for key in graph.asset_check_keys if key.asset_key in assets)
    if not keys:
        raise WrongCall(f"--select '{select}' matches no asset that has checks. Groups: {groups(graph)}.")
    return keys


def _at(graph: AssetGraph, instance: dg.DagsterInstance, key: dg.AssetCheckKey, partition: str | None) -> _Selected:
    partitions_def = graph.get(key.asset_key).partitions_def
    if partitions_def is None:
        return _Selected(key, None)
    if partition is None:
        stored = instance.get_materialized_partitions(key.asset_key)
        return _Selected(key, max(stored, default=partitions_def.get_first_partition_key()))
    if not partitions_def.has_partition_key(partition):
        first, last = partitions_def.get_first_partition_key(), partitions_def.get_last_partition_key()
        raise WrongCall(
            f"--partition {partition}: {key.asset_key.to_user_string()} has none of that name, only {first} … {last}."
        )
    return _Selected(key, partition)


def _evaluate(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    keys: list[dg.AssetCheckKey],
    partition: str | None,
    location: str,
) -> Iterable[CheckResult]:
    job = dg.define_asset_job("asset_check", selection=dg.AssetSelection.checks(*keys))
    resolved = dg.Definitions.merge(definitions, dg.Definitions(jobs=[job])).resolve_job_def("asset_check")
    # A job of checks alone has no assets from which Dagster could tell the partitions, so the key goes in as its tag.
    tags = {} if partition is None else {"dagster/partition": partition}
    run = execute_in_location(
        resolved,
        instance,
        location,
        run_id=make_new_run_id(),
        partition=None,
        assets=(),
        tags=tags,
        run_config=QUIET,
    )
    found = {e.asset_check_key: e for e in run.get_asset_check_evaluations()}
    for key in keys:
        evaluation = found.get(key)
        asset = key.asset_key.to_user_string()
        if evaluation is None:
            message = f"crashed; its stack is in Dagster run {run.run_id}"
            yield CheckResult(asset, key.name, partition, "failed", message)
        else:
            yield CheckResult(asset, key.name, partition, _status(evaluation), evaluation.description or "")


def _status(evaluation: dg.AssetCheckEvaluation) -> Status:
    if evaluation.passed:
        return "passed"
    return "failed" if evaluation.severity == dg.AssetCheckSeverity.ERROR else "warned"
