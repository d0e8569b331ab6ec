"""Projects of somebody else, in which commands are called: an empty one, and one with a model that was trained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_platform.orchestration.execution.dagster_home import DAGSTER_HOME
from ml_platform.stores.installation import DATA
from ml_platform_tests.cli.visits import write_visits
from ml_platform_tests.loop import Loop
from ml_platform_tests.scaffold.project import ForeignProject, foreign_project


@pytest.fixture
def project(tmp_path: Path) -> ForeignProject:
    return foreign_project(tmp_path / "shop")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_visits(tmp_path / "visits.csv")


@pytest.fixture
def shop(loop: Loop, project: ForeignProject, monkeypatch: pytest.MonkeyPatch) -> ForeignProject:
    """The working directory: a project with `tumours`, trained, promoted and scored; of the test's own."""
    shutil.copytree(loop.stores.installation.data, project.data)
    shutil.move(project.data / "defs" / "tumours", project.defs)
    monkeypatch.chdir(project.root)
    monkeypatch.setenv(DATA, str(project.data))
    monkeypatch.delenv(DAGSTER_HOME, raising=False)
    return project
