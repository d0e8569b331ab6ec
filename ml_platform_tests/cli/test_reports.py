from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ml_platform.cli.reports import report_server
from ml_platform.stores.objects import ObjectStore
from ml_platform_tests.servers import BUCKET, s3_server


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    if request.param == "folder":
        yield ObjectStore(request.getfixturevalue("tmp_path").as_uri())
        return
    with s3_server() as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield ObjectStore(f"s3://{BUCKET}/installation")


@pytest.fixture
def url(objects: ObjectStore) -> Iterator[str]:
    objects.put("reports/flights/drift/2013-04.html", b"<p>PSI</p>")
    objects.put("flights/features/secret.parquet", b"rows")
    with report_server("127.0.0.1", 0, objects) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def get(url: str) -> bytes:
    with urlopen(url, timeout=10) as reply:
        content: bytes = reply.read()
    return content


def test_reports_are_served_and_listed_and_nothing_beside_them(url: str) -> None:
    assert get(f"{url}/flights/drift/2013-04.html") == b"<p>PSI</p>"
    assert b'<a href="flights/drift/2013-04.html">' in get(url)
    for path in ("flights/drift/2013-05.html", "../flights/features/secret.parquet", "%2e%2e/flights", "flights"):
        with pytest.raises(HTTPError) as error:
            get(f"{url}/{path}")
        assert error.value.code == 404
        error.value.close()
