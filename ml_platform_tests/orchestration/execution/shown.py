"""What Dagster's UI asks for, answered in this process as its web server does."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import InProcessTestWorkspaceLoadTarget
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster_graphql.schema import create_schema

TIMELINE = """{ runsOrError(filter: {statuses: [SUCCESS]}) { ... on Runs { results {
    runId pipelineName tags { key value } repositoryOrigin { repositoryName repositoryLocationName } } } } }"""
"""Overview's timeline: it leaves out runs whose origin is null."""

JOB = """query ($job: String!, $location: String!) { pipelineOrError(params: {
    pipelineName: $job, repositoryName: "__repository__", repositoryLocationName: $location}) {
    ... on Pipeline { runs { runId } } } }"""
"""The list of jobs, and a job's page."""


def ask(instance: dg.DagsterInstance, definitions: Path, location: str, query: str, **variables: str) -> dict[str, Any]:
    """Return what the web server answers, when a code location of this name holds the definitions of a file."""
    target = LoadableTargetOrigin(executable_path=sys.executable, python_file=str(definitions))
    origin = InProcessCodeLocationOrigin(target, location_name=location)
    with WorkspaceProcessContext(instance, InProcessTestWorkspaceLoadTarget(origin)) as workspace:
        context = workspace.create_request_context()
        answer = asyncio.run(
            create_schema().execute_async(query, context=context, variables={"location": location, **variables})
        )
    assert answer.errors is None, answer.errors
    data: dict[str, Any] = answer.data
    return data
