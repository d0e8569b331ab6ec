"""A command works on the project around the working directory, or on the platform's own."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from ml_platform.cli import project as module
from ml_platform.cli.project import OURS, Project
from ml_platform.errors import WrongCall
from ml_platform_tests.scaffold.project import ForeignProject
from ml_platform_tests.small_models import pyproject


def test_a_project_is_found_from_any_folder_inside(project: ForeignProject, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (project.root, project.defs):
        monkeypatch.chdir(folder)
        assert Project.here() == Project(project.root, project.defs, "shop")


def test_outside_of_a_project_it_is_the_platforms_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'no project of dg'\n")
    monkeypatch.chdir(tmp_path)
    assert Project.here() == Project(OURS.parents[1], OURS, "ml_platform")
    assert Project.here().model("flights") == OURS / "flights"


def test_a_project_that_dg_cannot_read_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(pyproject("shop").replace("root_module", "rot_module"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        Project.here()
    assert ended.value.code == 1
    assert "`tool.dg.project.root_module`" in capsys.readouterr().err


def test_a_model_that_does_not_exist_is_named_with_a_guess() -> None:
    with pytest.raises(WrongCall, match=r"has no model 'flight'.*Did you mean 'flights'"):
        Project(OURS.parents[1], OURS).model("flight")


def test_of_one_model_only_that_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml_platform.definitions.defs", lambda: pytest.fail("loaded everything"))
    definitions = Project(OURS.parents[1], OURS).definitions("flights")
    graph = definitions.resolve_asset_graph()
    assert {graph.get(key).group_name for key in graph.get_all_asset_keys()} == {"flights"}
    assert definitions.resolve_job_def("flights_train").executor_def is dg.in_process_executor


def test_a_model_of_another_component_is_loaded_with_its_project(
    shop: ForeignProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shop.defs / "tumours" / "defs.yaml"
    file.write_text(file.read_text().replace(module.COMPONENT, "shop.components.OurModel"))
    loaded = []

    def load(path_within_project: Path) -> str:
        loaded.append(path_within_project)
        return "the whole project"

    monkeypatch.setattr(dg, "load_from_defs_folder", load)
    here = Project.here()
    assert here.definitions("tumours") == "the whole project"  # type: ignore[comparison-overlap]
    assert here.definitions() == "the whole project"  # type: ignore[comparison-overlap]
    assert loaded == [shop.defs, shop.defs]
