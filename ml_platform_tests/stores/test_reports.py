"""A report is kept under its asset's name, and what serves it finds it there."""

from __future__ import annotations

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.recorded_objects import recorded_objects
from ml_platform.stores.reports import dagster_path, data_docs_path, made_with, mlflow_path, page_path, shared_path
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


def test_a_shared_file_is_written_once_and_is_no_page_of_a_model(stores: Stores) -> None:
    stores.reports.write(ArtifactKey("flights", "drift", "2013-01"), b"")
    for content in (b"draw()", b"other"):
        stores.reports.write_shared("evidently-1.js", content)
    assert stores.objects.get(f"reports/{shared_path('evidently-1.js')}") == b"draw()"
    assert stores.reports.pages("flights") == {"flights/drift/2013-01.html"}


def test_a_page_names_the_asset_that_writes_it() -> None:
    written = {"contract_planes": "valid_planes", "evidently": "drift", "exploration": "exploration"}
    for asset, made in written.items():
        assert made_with(ArtifactKey("flights", asset)) == ArtifactKey("flights", made)


def test_no_path_of_the_site_is_that_of_another() -> None:
    artifact = ArtifactKey("flights", "drift", "2013-01")
    paths = [page_path(artifact), dagster_path(artifact), data_docs_path(artifact), mlflow_path("flights", "1")]
    assert len(set(paths)) == 4
    assert [path.startswith("-/") for path in paths] == [False, True, True, True]
