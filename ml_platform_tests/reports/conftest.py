"""An installation that something is stored in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.reports.stored import fill


@pytest.fixture
def shop(tmp_path: Path) -> Stores:
    """The stores of `fill`."""
    (tmp_path / "data").mkdir()
    stores = Stores(Installation(tmp_path / "data", ""))
    fill(stores)
    return stores
