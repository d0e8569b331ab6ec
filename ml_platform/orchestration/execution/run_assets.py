"""Materializes selected assets in this process, as **Materialize selected** does in the UI."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import dagster as dg

from ml_platform.errors import WrongCall
from ml_platform.orchestration.dagster_private import AssetGraph
from ml_platform.orchestration.execution.execute import LOCATION, Outcome, execute_job
from ml_platform.orchestration.execution.progress import Done
from ml_platform.orchestration.execution.selection import groups, select_assets


def find_assets(definitions: dg.Definitions, select: str, partition: str | None) -> list[dg.AssetKey]:
    """Return the assets of a selection that can be materialized together, in order.

    Raises
    ------
    WrongCall
        When there is none, or the partition does not fit them.
    """
    graph = definitions.resolve_asset_graph()
    keys = sorted(select_assets(graph, select) & graph.materializable_asset_keys)
    if not keys:
        raise WrongCall(f"--select '{select}' matches no asset. Groups: {groups(graph)}.")
    _validate_partition(graph, keys, select, partition)
    return keys


def run_assets(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    assets: Sequence[dg.AssetKey],
    *,
    partition: str | None,
    location: str = LOCATION,
    on_step: Callable[[Done], None] = lambda _: None,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Materialize what `find_assets` has found, with their checks; `on_step` and `on_wait` are as of `execute_job`."""
    return execute_job(
        instance,
        definitions.resolve_implicit_global_asset_job_def(),
        assets,
        name="materialize",
        partition=partition,
        location=location,
        on_step=on_step,
        on_wait=on_wait,
    )


def _validate_partition(graph: AssetGraph, keys: Sequence[dg.AssetKey], select: str, partition: str | None) -> None:
    found = {stated for key in keys if (stated := graph.get(key).partitions_def) is not None}
    if not found:
        if partition is not None:
            raise WrongCall(f"--partition {partition}: nothing in the selection '{select}' is partitioned.")
        return
    if len(found) > 1:
        raise WrongCall(f"--select '{select}' has assets of different partitions. Select those of one model.")
    (partitions,) = found
    first, last = partitions.get_first_partition_key(), partitions.get_last_partition_key()
    if partition is None:
        raise WrongCall(f"--select '{select}' needs a --partition, {first} … {last}.")
    if not partitions.has_partition_key(partition):
        raise WrongCall(f"--partition {partition}: the selected assets have none of that name, only {first} … {last}.")
