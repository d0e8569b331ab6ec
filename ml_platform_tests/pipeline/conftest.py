"""An installation that Dagster has trained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model


@pytest.fixture(scope="session")
def trained_by_dagster(ingested_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An installation with January trained and promoted, quickly."""
    folder = tmp_path_factory.mktemp("quick") / "data"
    with Place.open_copy(ingested_folder, folder, quick_definitions(quick_model())) as place:
        assert place.run("flights_train", "2013-01").success
        return place


@pytest.fixture
def trained_quickly(trained_by_dagster: Place) -> Iterator[Place]:
    with Place.open(trained_by_dagster.folder, trained_by_dagster.definitions) as place:
        yield place


@pytest.fixture
def mine(trained_by_dagster: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the installation that a test may change; MLflow's artifacts are the shared ones."""
    with Place.open_copy(trained_by_dagster.folder, tmp_path / "data", trained_by_dagster.definitions) as place:
        yield place
