"""Every private name of Dagster that the platform uses: what a new version of Dagster has to be held against."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import dagster as dg
from dagster._check import CheckError
from dagster._core.definitions.asset_selection import DagsterInvalidAssetSelectionError
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.errors import DagsterUnknownPartitionError
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.utils import make_new_run_id
from dagster._serdes import deserialize_value
from dagster_shared.utils.warnings import disable_dagster_warnings

__all__ = [
    "INDEX_SHARD_NAME",
    "WRONG_ASSETS",
    "AssetGraph",
    "CheckRunHealthResult",
    "SqliteEventLogStorage",
    "WorkerStatus",
    "asset_commands",
    "disable_dagster_warnings",
    "make_new_run_id",
    "resolve_jobs",
    "runs_of_code_server",
]


def resolve_jobs(
    jobs: Iterable[UnresolvedAssetJobDefinition],
    assets: Sequence[dg.AssetsDefinition],
    resources: Mapping[str, dg.ResourceDefinition],
) -> list[dg.JobDefinition]:
    """Return the jobs, resolved against these assets alone.

    Dagster resolves a job against every asset of the code location: 1,000 models then take 50 times what 100 take.
    """
    graph = AssetGraph.from_assets(assets)
    return [job.resolve(graph, resource_defs=resources) for job in jobs]


WRONG_ASSETS: tuple[type[Exception], ...] = (
    dg.DagsterInvalidSubsetError,
    DagsterInvalidAssetSelectionError,
    DagsterUnknownPartitionError,
    CheckError,
)
"""What Dagster's own commands on assets raise when a selection or partition fits nothing."""


def asset_commands() -> dict[str, click.Command]:
    """Return the commands of ``dagster asset``."""
    from dagster._cli.asset import asset_cli

    return dict(asset_cli.commands)


def runs_of_code_server(client: Any) -> set[str] | None:
    """Return the runs that a code server executes now, or None when it does not answer."""
    from dagster._core.errors import DagsterUserCodeUnreachableError
    from dagster._grpc.types import GetCurrentRunsResult

    try:
        return set(deserialize_value(client.get_current_runs(), GetCurrentRunsResult).current_runs)
    except DagsterUserCodeUnreachableError:
        return None
