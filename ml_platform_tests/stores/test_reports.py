"""A report is kept under its asset's name, and what serves it finds it there."""

from __future__ import annotations

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.recorded_objects import recorded_objects
from ml_platform.stores.stores import Stores


def test_a_report_is_read_back_served_at_its_address_and_its_hash_recorded(stores: Stores) -> None:
    artifact = ArtifactKey("flights", "drift")
    assert not stores.reports.exists(artifact)
    for page in (b"<p>old</p>", b"<p>new</p>"):
        stores.reports.write(artifact, page)
    assert stores.reports.address(artifact) == "http://127.0.0.1:3001/flights/drift/whole.html"
    assert stores.reports.exists(artifact)
    assert stores.reports.read(artifact) == b"<p>new</p>"
    assert stores.reports.read(artifact._replace(partition="2013-01")) is None
    assert {key: found.n_bytes for key, found in recorded_objects(stores.database, "reports/flights").items()} == {
        "reports/flights/drift/whole.html": 10
    }
    if stores.objects.folder is not None:
        assert (
            stores.installation.data / "objects" / "reports" / "flights" / "drift" / "whole.html"
        ).read_bytes() == b"<p>new</p>"
