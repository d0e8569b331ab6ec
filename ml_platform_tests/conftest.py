"""Installations of the platform in temporary folders, on the real raw data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ml_platform_tests.history import copied, history  # noqa: F401  fixtures
from ml_platform_tests.loop import loop  # noqa: F401
from ml_platform_tests.place import RAW, Place
from ml_platform_tests.profiles import SEED
from ml_platform_tests.servers import (  # noqa: F401
    database_url,
    postgres,
    postgres_uri,
    s3,
    s3_variables,
    store_url,
    stores,
)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = SEED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"Seed of the property tests: --hypothesis-seed={config.option.hypothesis_seed}")


@pytest.fixture(scope="session")
def definitions() -> dg.Definitions:
    from ml_platform.definitions import defs

    return defs()


@pytest.fixture(scope="session")
def ingested_folder(definitions: dg.Definitions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January of `flights`, held against its contracts and made into features."""
    folder = tmp_path_factory.mktemp("ingested")
    for file in ("flights/2013-01.parquet", "weather.parquet", "planes.parquet"):
        (folder / "raw" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RAW / file, folder / "raw" / file)
    with Place.open(folder, definitions) as place:
        assert place.run("flights_ingest", "2013-01").success
    return folder


@pytest.fixture
def place(ingested_folder: Path, definitions: dg.Definitions, tmp_path: Path) -> Iterator[Place]:
    """An installation with January ingested, of the test's own."""
    with Place.open_copy(ingested_folder, tmp_path / "data", definitions) as place:
        yield place


@pytest.fixture(scope="session")
def trained(
    ingested_folder: Path, definitions: dg.Definitions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """An installation with January trained, promoted and scored; shared, so tests leave it as it was."""
    folder = tmp_path_factory.mktemp("trained") / "data"
    with Place.open_copy(ingested_folder, folder, definitions) as place:
        assert place.run("flights_train", "2013-01").success
        assert place.run("flights_score", "2013-01").success
        yield place


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
