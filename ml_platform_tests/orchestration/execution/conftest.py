"""An instance with the settings of a single machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME, SETTINGS
from ml_platform.stores.installation import DATA
from ml_platform_tests.orchestration.execution.slow import SECONDS


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its databases made, which takes a second or two."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "dagster.yaml").write_text(SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(DAGSTER_HOME, str(folder))
        with dg.DagsterInstance.get() as instance:
            assert instance.get_run_records() == []
            assert instance.event_log_storage.get_concurrency_keys() == set()
    return folder


@pytest.fixture
def instance(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv(DAGSTER_HOME, str(tmp_path))
    monkeypatch.setenv(SECONDS, "0")
    monkeypatch.setenv(DATA, str(tmp_path / "data"))  # where the logs of runs go
    with dg.DagsterInstance.get() as instance:
        yield instance
