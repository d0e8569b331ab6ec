"""Every private name of Dagster that the platform uses: what a new version of Dagster has to be held against."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import dagster as dg
from dagster._check import CheckError
from dagster._core.definitions.asset_selection import DagsterInvalidAssetSelectionError
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.errors import DagsterUnknownPartitionError
from dagster._core.execution.api import execute_run
from dagster._core.execution.execute_in_process import merge_run_tags
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteRepositoryOrigin
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
    "execute_in_location",
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


def execute_in_location(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    location: str,
    *,
    run_id: str,
    partition: str | None,
    assets: Sequence[dg.AssetKey],
    tags: Mapping[str, str],
    run_config: Mapping[str, Any],
) -> dg.JobExecutionResult:
    """Execute a job in this process, as a run of a code location; of its `assets` alone, if there are any.

    `JobDefinition.execute_in_process` makes a run of no location: the UI shows it on no page but that of all runs.
    """
    # The executor in one process, whatever the job's own one is; values stay in memory.
    ephemeral = job.as_ephemeral_job(resource_defs={}, input_values={})
    repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(location), SINGLETON_REPOSITORY_NAME)
    run = instance.create_run_for_job(
        ephemeral,
        run_id=run_id,
        run_config=run_config,
        tags=merge_run_tags(job, partition, tags, assets, instance, run_config),
        asset_selection=frozenset(assets) or None,
        remote_job_origin=repository.get_job_origin(job.name),
    )
    return execute_run(InMemoryJob(ephemeral), run, instance)


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
    """Return the runs that a code server executes now, or None when it does not say: that of ``dagster dev`` cannot.

    Raises
    ------
    ConnectionError
        When the server does not answer.
    """
    from dagster._core.errors import DagsterUserCodeUnreachableError
    from dagster._grpc.types import GetCurrentRunsResult

    try:
        return set(deserialize_value(client.get_current_runs(), GetCurrentRunsResult).current_runs)
    except DagsterUserCodeUnreachableError as error:
        if "UNIMPLEMENTED" in str(error):
            return None
        raise ConnectionError(str(error)) from error
