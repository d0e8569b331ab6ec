"""Data Docs are built once per validation result, kept for a while, and nothing beside them is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.reports import data_docs
from ml_platform.reports.data_docs import DataDocs
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
JANUARY = ArtifactKey("shop", "contract_orders", "2013-01")


def test_a_site_is_built_when_it_is_opened_once_and_removed_in_the_end(
    shop: Stores,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(data_docs, "MAX_SITES", 1)
    docs = DataDocs(shop)
    first = docs.read(JANUARY, "index.html")
    assert first is not None
    assert b"Data Docs" in first
    assert docs.read(JANUARY, "static/styles/data_docs_default_styles.css")
    (site,) = docs._sites.values()
    assert docs.read(JANUARY, "index.html") == first
    assert docs.read(JANUARY._replace(partition="2013-03"), "index.html")
    (other,) = docs._sites.values()
    assert not Path(site.name).exists()
    docs.close()
    assert not Path(other.name).exists()


def test_what_is_no_file_of_a_site_is_not_read(shop: Stores) -> None:
    docs = DataDocs(shop)
    assert docs.read(JANUARY._replace(partition="2014-01"), "index.html") is None
    assert docs.read(JANUARY._replace(asset="drift"), "index.html") is None
    for path in ("../../etc/hostname", "/etc/hostname", "static", "nothing.html"):
        assert docs.read(JANUARY, path) is None
    docs.close()
