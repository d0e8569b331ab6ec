"""Each path of the site has its page, or leads to Dagster or MLflow; nothing else of the stores can be read."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

import pytest

from ml_platform.reports.site import Site
from ml_platform.stores.stores import Stores

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


@pytest.fixture
def site(shop: Stores) -> Site:
    shop.objects.put("tables/shop/features/secret.parquet", b"rows")
    shop.reports.write_shared("evidently-1.js", b"draw()")
    ui = {"dagster_ui": "http://127.0.0.1:3100", "mlflow_ui": "http://127.0.0.1:5100"}
    return Site(Stores(replace(shop.installation, **ui)))


def test_indexes_and_stored_pages_are_answered(site: Site) -> None:
    for path, said in {"": b"shop", "shop/": b"champion", "shop/drift/2013-02.html": b"<p>drift</p>"}.items():
        reply = site.answer(path)
        assert reply is not None
        assert said in reply.content
        assert reply.type == "text/html; charset=utf-8"
    script = site.answer("-/evidently-1.js")
    assert script is not None
    assert (script.content, script.type) == (b"draw()", "text/javascript; charset=utf-8")


def test_links_lead_to_where_dagster_and_mlflow_are_now(site: Site) -> None:
    locations = {
        "shop": "/shop/",
        "-/dagster/shop/drift/2013-02": "http://127.0.0.1:3100/assets/shop/drift?view=partitions&partition=2013-02",
        "-/dagster/shop/drift/whole": "http://127.0.0.1:3100/assets/shop/drift",
        "-/mlflow/shop/1": "http://127.0.0.1:5100/#/models/shop/versions/1?workflowType=machine_learning",
    }
    for path, location in locations.items():
        reply = site.answer(path)
        assert reply is not None
        assert reply.location == location


def test_data_docs_are_part_of_the_site(site: Site) -> None:
    entry = site.answer("-/data_docs/shop/contract_orders/2013-01/")
    assert entry is not None
    assert entry.location.startswith("/-/data_docs/shop/contract_orders/2013-01/validations/orders/2013-01/")
    for path in (unquote(entry.location.removeprefix("/")), "-/data_docs/shop/contract_orders/2013-01/index.html"):
        reply = site.answer(path)
        assert reply is not None
        assert b"Great Expectations" in reply.content
    site.data_docs.close()


@pytest.mark.parametrize(
    "path",
    [
        "shop/drift/2014-01.html",
        "other/",
        "-/",
        "-/dagster/shop",
        "-/data_docs/shop/contract_orders/2013-01",
        "-/data_docs/shop/contract_orders/2014-01/",
        "-/data_docs/shop/contract_orders/2014-01/index.html",
        "-/data_docs/shop/drift/2013-02/",
        "../tables/shop/features/secret.parquet",
        "shop/../../tables/shop/features/secret.parquet",
        "shop/drift/../../../tables/x.html",
        "tables/shop/features/secret.parquet",
        "/etc/passwd",
    ],
)
def test_what_is_no_page_is_not_there(site: Site, path: str) -> None:
    assert site.answer(path) is None
