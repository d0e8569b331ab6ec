"""Every store is tested on this machine alone and on the servers that several machines share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.servers import BUCKET, postgres_server, s3_server


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
    if request.param == "alone":
        return Stores(Installation(tmp_path / "data", ""))
    database, objects = request.getfixturevalue("postgres"), request.getfixturevalue("s3")
    return Stores(Installation(tmp_path / "data", "", database_url=database, store_url=objects))
