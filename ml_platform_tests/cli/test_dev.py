"""`ml-platform dev` starts three servers at the addresses that links will have."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ml_platform.cli.dev import HOST, daemons_run, servers_of, validate_free
from ml_platform.cli.project import Project
from ml_platform.errors import PlatformError
from ml_platform.stores.installation import Installation


def test_each_server_is_told_its_port_and_where_the_stores_are(tmp_path: Path) -> None:
    urls = {"dagster_ui": f"http://{HOST}:1", "mlflow_ui": f"http://{HOST}:2", "reports_url": f"http://{HOST}:3"}
    installation = Installation(tmp_path, "sqlite:///mlflow.db", **urls)
    servers = servers_of(installation, Project(tmp_path, tmp_path / "defs"))
    commands = [server.command for server in servers]
    assert [server.address for server in servers] == list(urls.values())
    assert [Path(words[0]).name for words in commands] == ["dg", "mlflow", "ml-platform"]
    assert [words[words.index("--port") + 1] for words in commands] == ["1", "2", "3"]
    assert all(words[words.index("--host") + 1] == HOST for words in commands)
    assert "sqlite:///mlflow.db" in commands[1]
    assert all(Path(words[0]).exists() for words in commands)


def test_a_taken_port_is_one_message_with_the_command_for_another_one() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PlatformError, match=f"Port {port} is taken.*dev --mlflow-port {port + 10}"):
            validate_free("ml-platform dev --mlflow-port", port)


@pytest.mark.parametrize(
    ("required", "heartbeat", "runs"),
    [(True, 101.0, True), (True, 99.0, False), (True, None, False), (False, None, True)],
)
def test_dagster_is_ready_when_each_part_of_its_daemon_has_run_since_the_start(
    required: bool, heartbeat: float | None, runs: bool
) -> None:
    statuses = [{"required": True, "lastHeartbeatTime": 100.5}, {"required": required, "lastHeartbeatTime": heartbeat}]
    answer = {"data": {"instance": {"daemonHealth": {"allDaemonStatuses": statuses}}}}
    assert daemons_run(json.dumps(answer).encode(), since=100.0) == runs
