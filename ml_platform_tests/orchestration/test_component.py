"""Dagster's own `dg` sees the component, the models and the line of a wrong key, and writes a new model that loads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DG = Path(sys.executable).with_name("dg")
COMPONENT = "ml_platform.orchestration.ModelPipeline"

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project to write into, with a scaffolded model."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "ml_platform", folder / "ml_platform", ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "workspace.yaml"):
        shutil.copy(PROJECT / file, folder / file)
    call(folder, "scaffold", "defs", COMPONENT, "churn")
    return folder


def call(folder: Path, *arguments: str, code: int = 0) -> str:
    """Run dg on the package in `folder`, and not on the one that is installed."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "DAGSTER_HOME": ""}
    done = subprocess.run(
        [DG, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_component_is_listed() -> None:
    assert COMPONENT in call(PROJECT, "list", "components")


def test_both_models_and_a_scaffolded_one_are_valid_and_load(project: Path) -> None:
    assert "validated successfully" in call(project, "check", "yaml")
    assert "loaded successfully" in call(project, "check", "defs")
    listed = json.loads(call(project, "list", "defs", "--json"))
    keys = {asset["asset_key"] for asset in listed["assets"]}
    assert {f"{model}/champion" for model in ("churn", "employment", "flights")} <= keys
    assert {job["name"] for job in listed["jobs"]} >= {"churn_train", "employment_train", "flights_train"}


def test_a_wrong_key_is_shown_with_its_line(project: Path) -> None:
    file = project / "ml_platform" / "defs" / "flights" / "defs.yaml"
    right = file.read_text(encoding="utf-8")
    file.write_text(right.replace("  evaluation:", "  evalution:"), encoding="utf-8")
    line = right.splitlines().index("  evaluation:") + 1
    try:
        said = call(project, "check", "yaml", code=1)
    finally:
        file.write_text(right, encoding="utf-8")
    assert f"flights/defs.yaml:{line}" in said
    assert "'evalution' was unexpected" in said
