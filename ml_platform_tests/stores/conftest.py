"""Every store is tested on this machine alone and on the servers that several machines share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_platform_tests.servers import BUCKET, s3_server


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


@pytest.fixture(params=["folder", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty object store: a local folder, and a bucket."""
    if request.param == "folder":
        return (tmp_path / "objects of a test").as_uri()
    url: str = request.getfixturevalue("s3")
    return url
