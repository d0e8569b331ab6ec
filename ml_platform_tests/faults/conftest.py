"""A project whose model was trained, promoted and scored, and what an undisturbed training makes of the later rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform_tests.faults.project import Project
from ml_platform_tests.faults.recovery import Earlier


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Earlier:
    return Earlier.make(tmp_path_factory.mktemp("faults"))


@pytest.fixture
def clinic(earlier: Earlier, tmp_path: Path) -> Project:
    """The project again, of the test's own."""
    return earlier.project.copy(tmp_path / "clinic")
