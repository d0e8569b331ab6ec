"""A new model is put in place whole or not at all, and replaces what is there only when told to."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.cli import new_model
from ml_platform.errors import WrongCall
from ml_platform_tests.cli.visits import everything
from ml_platform_tests.scaffold.project import ForeignProject


@pytest.mark.parametrize("there", ["model", "raw file", "raw folder"])
def test_what_is_there_is_replaced_only_with_force(project: ForeignProject, file: Path, there: str) -> None:
    path = {
        "model": project.defs / "visits" / "defs.yaml",
        "raw file": project.data / "raw" / "visits.parquet",
        "raw folder": project.data / "raw" / "visits" / "1999.parquet",
    }[there]
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    before = everything(project)
    with pytest.raises(WrongCall, match=r"there already.*--force"):
        project.new("visits", file, "bought")
    assert everything(project) == before
    project.new("visits", file, "bought", force=True)
    assert not path.exists() or path.read_bytes() != b"mine"
    model = {project.defs / "visits" / name for name in ("contract.yaml", "defs.yaml")}
    own = {project.root / "pyproject.toml", project.root / "shop" / "__init__.py"}
    assert set(everything(project)) == {*model, *own, project.data / "raw" / "visits.parquet"}


def test_an_error_half_way_leaves_everything_as_it_was(
    project: ForeignProject, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.new("visits", file, "bought")
    before = everything(project)
    moved = []

    def full(source: str, place: Path) -> None:
        moved.append(place)
        if len(moved) == 4:
            raise OSError("No space left on device")
        Path(source).rename(place)

    monkeypatch.setattr(new_model.shutil, "move", full)
    with pytest.raises(OSError, match="No space"):
        project.new("visits", file, "x", force=True, time="at")
    assert everything(project) == before
