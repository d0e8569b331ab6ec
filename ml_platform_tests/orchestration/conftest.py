"""Installations whose loop Dagster has run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model
from ml_platform_tests.small_models import small_definitions, table, write_model


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """`tumours`, trained, promoted, explored and scored; shared, so tests leave it as it was."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "raw").mkdir()
    table("tumours").to_parquet(folder / "raw" / "tumours.parquet")
    with Place.open(folder, small_definitions(write_model("tumours", folder / "defs"))) as place:
        for verb in ("train", "score", "explore"):
            outcome = place.run(f"tumours_{verb}", None)
            assert outcome.success, outcome.problems
        yield place


@pytest.fixture(scope="session")
def tumours(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The same model, without an installation."""
    folder = write_model("tumours", tmp_path_factory.mktemp("defs"))
    return Model.load(load_spec(folder), folder)


@pytest.fixture
def trained_copy(trained: Place, tmp_path: Path) -> Iterator[Place]:
    """A trained installation of the test's own."""
    with Place.open_copy(trained.folder, tmp_path / "data", trained.definitions) as place:
        yield place


@pytest.fixture
def small_copy(small: Place, tmp_path: Path) -> Iterator[Place]:
    """The small model's installation again, of the test's own."""
    with Place.open_copy(small.folder, tmp_path / "data", small.definitions) as place:
        yield place


@pytest.fixture
def quick(ingested_folder: Path, tmp_path: Path) -> Iterator[Place]:
    """January of `flights` ingested, and the model trained in a moment; of the test's own."""
    with Place.open_copy(ingested_folder, tmp_path / "data", quick_definitions(quick_model())) as place:
        yield place
