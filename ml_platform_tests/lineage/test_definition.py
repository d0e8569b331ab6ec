"""A definition comes back exactly, as data: nothing of it is executed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml_platform.lineage.definition import CODE, capture_definition, restore_definition
from ml_platform.spec import load_spec
from ml_platform.stores.files import to_json

DEFS = Path(__file__).parents[2] / "ml_platform" / "defs"
MODELS = sorted(file.parent.name for file in DEFS.glob("*/defs.yaml"))


@pytest.mark.parametrize("model", MODELS)
def test_every_model_comes_back_from_json_with_all_its_files(model: str, tmp_path: Path) -> None:
    spec = load_spec(DEFS / model)
    stored = json.loads(to_json(capture_definition(spec, DEFS / model)))
    assert restore_definition(stored, tmp_path / "definition") == spec
    assert load_spec(tmp_path / "definition") == spec
    expected = {"defs.yaml", *(spec.contract_file(table) for table in spec.tables)}
    assert expected <= {file.name for file in (tmp_path / "definition").iterdir()} <= expected | {CODE}
    for file in (tmp_path / "definition").iterdir():
        assert file.read_text() == (DEFS / model / file.name).read_text()


def test_a_name_with_a_path_stays_in_the_folder(tmp_path: Path) -> None:
    definition = capture_definition(load_spec(DEFS / MODELS[0]), DEFS / MODELS[0])
    definition["files"]["../../outside.txt"] = "written"
    restore_definition(definition, tmp_path / "a" / "b")
    assert not (tmp_path / "outside.txt").exists()
