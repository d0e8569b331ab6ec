"""The indexes link every stored page, and no other; they are readable without a champion, and empty."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ml_platform.reports import index
from ml_platform.reports.facts import Facts, ModelStatus
from ml_platform.reports.index import model_page, models_page
from ml_platform.stores.stores import Stores
from ml_platform_tests.exploration.test_page import parse

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_the_index_of_a_model_links_its_stored_pages(shop: Stores) -> None:
    html = model_page(Facts(shop).model("shop"), shop.reports.pages("shop"))
    parse(html)
    pages = {link for link in re.findall(r'href="([^"]+)"', html) if link.endswith(".html")}
    assert pages == {f"../{page}" for page in shop.reports.pages("shop")}
    assert {"../-/mlflow/shop/1", "../-/dagster/shop/decision/2013-02"} <= set(re.findall(r'href="([^"]+)"', html))
    assert "Version 1 is champion" in html
    assert "promoted as version 1" in html
    assert "it is &lt;worse&gt;" in html
    assert "temp&lt;b&gt; 3.27" in html
    assert "<b>" not in html


def test_the_index_of_models_has_the_newest_of_each(shop: Stores) -> None:
    html = models_page([Facts(shop).model("shop")])
    parse(html)
    assert '<a href="shop/">shop</a>' in html
    for said in ("version 1", "1 broken", "orders 2013-03", "critical", "rejected"):
        assert said in html


def test_nothing_stored_yet_is_said_with_what_to_run() -> None:
    assert "Nothing is stored yet" in models_page([])
    assert "There is no champion" in model_page(ModelStatus("shop", None, frozenset(), (), {}), ())


def test_only_the_newest_partitions_are_listed(shop: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MAX_PARTITIONS", 1)
    html = model_page(Facts(shop).model("shop"), shop.reports.pages("shop"))
    assert "The newest 1 of 3." in html
    assert "2013-03" in html
    assert "drift/2013-02.html" not in html


@pytest.mark.parametrize("name", ["models", "model"])
def test_nothing_is_loaded(shop: Stores, name: str, tmp_path: Path) -> None:
    status = Facts(shop).model("shop")
    html = models_page([status]) if name == "models" else model_page(status, ())
    assert not re.search(r"https?:|<script|<link|<img|<iframe|url\(", html)
