from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform_tests.scaffold.project import ForeignProject, foreign_project


@pytest.fixture
def project(tmp_path: Path) -> ForeignProject:
    return foreign_project(tmp_path / "shop")
