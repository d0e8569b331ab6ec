from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from ml_platform.cli.reports import report_server
from ml_platform.errors import StoreUnavailable
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.manifests import ManifestStore
from ml_platform.stores.stores import Stores


@pytest.fixture
def url(stores: Stores) -> Iterator[str]:
    stores.reports.write(ArtifactKey("flights", "drift", "2013-04"), b"<p>PSI</p>")
    stores.documents.write(ArtifactKey("flights", "labels", "2013-04"), {})
    stores.objects.put("flights/features/secret.parquet", b"rows")
    with report_server("127.0.0.1", 0, stores) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def ask(url: str, path: str, method: str = "GET") -> tuple[int, bytes, str | None]:
    """Return status, content and location of what is at a path, which is sent as it is."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path)
    reply = connection.getresponse()
    found = reply.status, reply.read(), reply.getheader("Location")
    connection.close()
    return found


def test_pages_and_indexes_are_served_and_nothing_beside_them(url: str) -> None:
    assert ask(url, "/flights/drift/2013-04.html") == (200, b"<p>PSI</p>", None)
    status, index, _ = ask(url, "/")
    assert (status, b'<a href="flights/">' in index) == (200, True)
    assert ask(url, "/flights/")[0] == 200
    assert ask(url, "/flights")[::2] == (302, "/flights/")
    for path in ("/flights/drift/2013-05.html", "/../flights/features/secret.parquet", "/%2e%2e/flights/x.html"):
        assert ask(url, path)[0] == 404


def test_pages_can_only_be_read(url: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert ask(url, "/flights/drift/2013-04.html", method)[0] == 501


def test_a_store_that_cannot_be_read_is_an_answer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_: object) -> list[str]:
        raise StoreUnavailable("The database does not answer")

    monkeypatch.setattr(ManifestStore, "models", unreachable)
    status, said, _ = ask(url, "/")
    assert (status, b"The database does not answer" in said) == (503, True)
