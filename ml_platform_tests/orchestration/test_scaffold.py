"""What `dg scaffold defs` writes loads as a model, and leaves the decisions to a person."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from dagster.components import ScaffoldRequest

from ml_platform.orchestration.component import ModelPipeline
from ml_platform.orchestration.scaffold import TEMPLATES, ModelScaffolder
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform_tests.small_models import small_definitions

TYPE = "ml_platform.orchestration.ModelPipeline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    request = ScaffoldRequest(
        type_name=TYPE, target_path=tmp_path / "churn", scaffold_format="yaml", project_root=tmp_path, params=None
    )
    ModelScaffolder().scaffold(request)
    return tmp_path / "churn"


def test_every_template_is_written_with_the_name_of_the_folder(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == {file.name for file in TEMPLATES.glob("*.yaml")}
    document = yaml.safe_load((folder / "defs.yaml").read_text(encoding="utf-8"))
    assert (document["type"], document["attributes"]["name"]) == (TYPE, "churn")
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "{{" not in text
        assert "#" in text, "a person is told where to decide"


def test_the_files_are_a_model_with_its_whole_graph(folder: Path) -> None:
    model = Model.load(load_spec(folder), folder)
    assert model.name == "churn"
    assert {job.name for job in small_definitions(folder).jobs or ()} == {"churn_train", "churn_score"}
    assert ModelPipeline(model.spec).spec is model.spec
