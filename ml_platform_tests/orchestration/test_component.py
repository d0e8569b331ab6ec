"""Dagster's own `dg` sees the component, the models and the lines of what is wrong, and writes a model that loads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


@contextmanager
def changed(project: Path, changes: Mapping[str, str]) -> Iterator[list[str]]:
    """Replace text in the YAML of flights, and yield the lines of the file as it is then."""
    file = project / "ml_platform" / "defs" / "flights" / "defs.yaml"
    right = wrong = file.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in wrong
        wrong = wrong.replace(before, after, 1)
    file.write_text(wrong, encoding="utf-8")
    try:
        yield wrong.splitlines()
    finally:
        file.write_text(right, encoding="utf-8")


def line_of(lines: list[str], text: str) -> int:
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_wrong_keys_and_names_are_shown_with_their_lines(project: Path) -> None:
    changes = {
        "  evaluation:": "  evalution:",
        " hist_gradient_boosting:": " hist_gradient_bosting:",
        "beats_baseline: {metric: roc_auc}": "beats_baseline: {metric: roc_acu}",
        "not_worse_than_champion:": "not_worse_than_champoin:",
    }
    with changed(project, changes) as lines:
        said = call(project, "check", "yaml", "ml_platform/defs/flights", code=1)
    for text in ("evalution", "hist_gradient_bosting", "roc_acu", "not_worse_than_champoin"):
        assert f"flights/defs.yaml:{line_of(lines, text)} " in said
    assert "'hist_gradient_bosting' is not one of ['logistic_regression', 'ridge', 'hist_gradient_boosting'" in said


def test_a_leaking_column_is_shown_with_its_line_when_the_definitions_are_loaded(project: Path) -> None:
    """One key must be compared with another one, which a JSON schema cannot say."""
    with changed(project, {"{name: distance,": "{name: dep_delay,"}) as lines:
        said = call(project, "check", "defs", code=1)
    assert (
        f"flights/defs.yaml:{line_of(lines, '{name: dep_delay')}: feature 'dep_delay' uses column 'dep_delay'" in said
    )
    assert f"> {line_of(lines, '{name: dep_delay'):>4} |     - {{name: dep_delay, kind: number}}" in said
