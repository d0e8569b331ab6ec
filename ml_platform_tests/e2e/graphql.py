"""What the UI asks Dagster's web server for, by HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

from ml_platform_tests.e2e.processes import HOST

START_SENSOR = """mutation ($name: String!) { startSensor(sensorSelector: {sensorName: $name,
    repositoryName: "__repository__", repositoryLocationName: "ml_platform"}) {
    ... on Sensor { sensorState { status } } ... on PythonError { message } } }"""

RUNS = """{ runsOrError { ... on Runs { results { runId pipelineName status tags { key value }
    repositoryOrigin { repositoryName repositoryLocationName } } } } }"""


def ask(port: int, query: str, **variables: str) -> dict[str, Any]:
    """Return the data that the web server at a port answers with."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    with urlopen(Request(f"http://{HOST}:{port}/graphql", body, {"Content-Type": "application/json"})) as reply:
        answer = json.load(reply)
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data
