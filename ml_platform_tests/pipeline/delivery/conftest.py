"""A project of somebody else's, with the model `visits`, for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_platform_tests.pipeline.delivery.visits import first_half, visits
from ml_platform_tests.scaffold.project import ForeignProject, foreign_project


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects: the visits have a key in one, and are numbered in the other."""
    folder = tmp_path_factory.mktemp("made")
    first_half(foreign_project(folder / "keyed"), missing=("?",))
    first_half(foreign_project(folder / "numbered"), visits().drop(columns="id"), missing=("?",))
    return folder


@pytest.fixture
def keyed(made: Path, tmp_path: Path) -> ForeignProject:
    return _copy(made / "keyed", tmp_path / "shop")


@pytest.fixture
def numbered(made: Path, tmp_path: Path) -> ForeignProject:
    return _copy(made / "numbered", tmp_path / "shop")


def _copy(made: Path, root: Path) -> ForeignProject:
    project = foreign_project(root)
    shutil.copytree(made, root, dirs_exist_ok=True)
    return project
