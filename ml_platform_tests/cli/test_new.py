"""`ml-platform new` writes a whole model or nothing, replaces only when told to, and says what it guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml_platform.cli import new_model
from ml_platform.cli.new import next_commands
from ml_platform.errors import DataError, NotStored, PlatformError, SpecError
from ml_platform.stores.raw import RawStore
from ml_platform_tests.scaffold.project import ForeignProject, foreign_project


@pytest.fixture
def project(tmp_path: Path) -> ForeignProject:
    return foreign_project(tmp_path / "shop")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"at": pd.date_range("2024-01-01", periods=900, freq="8h"), "x": rng.random(900)})
    frame["bought"] = np.where(rng.random(900) < frame["x"], "yes", "no")
    frame.to_csv(tmp_path / "visits.csv", index=False)
    return tmp_path / "visits.csv"


def everything(project: ForeignProject) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def test_the_rows_go_to_raw_as_parquet_each_into_its_partition_in_the_time_zone(
    project: ForeignProject, file: Path
) -> None:
    found = project.new("visits", file, "bought", time="at", timezone="Asia/Kolkata")
    store = RawStore((project.data / "raw").absolute().as_uri(), Path("none"))
    assert store.partitions("visits") == list(found.partitioning.rows if found.partitioning else ())
    frame = pd.concat([store.read("visits", key) for key in store.partitions("visits")], ignore_index=True)
    pd.testing.assert_frame_equal(
        frame[["at", "x", "bought"]], pd.read_csv(file, parse_dates=["at"]), check_dtype=False
    )
    for key in store.partitions("visits"):
        assert set(store.read("visits", key)["at"].dt.strftime(model_format(project))) == {key}


def model_format(project: ForeignProject) -> str:
    partitions = project.model("visits").spec.partitions
    assert partitions is not None
    return partitions.key_format


def test_it_says_each_use_with_its_reason_and_what_to_run_next(project: ForeignProject, file: Path) -> None:
    found = project.new("visits", file, "bought", time="at")
    said = project.console.export_text()
    for words in ("bought", "target", "positive: 'yes'", "numbered", "ml-platform train visits --partition 2024-09"):
        assert words in said
    assert next_commands(found, "visits")[0] == "dg check yaml"


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
    with pytest.raises(SpecError, match=r"there already.*--force"):
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


WRONG: dict[str, tuple[str, str, dict[str, object], type[PlatformError], str]] = {
    "name": ("My Visits", "visits.csv", {}, SpecError, "cannot name a model"),
    "file": ("visits", "none.csv", {}, NotStored, "does not exist"),
    "Parquet that is none": ("visits", "broken.parquet", {}, DataError, "cannot be read as Parquet"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_call_writes_nothing(project: ForeignProject, file: Path, case: str) -> None:
    name, other, options, kind, words = WRONG[case]
    (file.parent / "broken.parquet").write_bytes(b"PAR1 no PAR1")
    before = everything(project)
    with pytest.raises(kind, match=words):
        project.new(name, file.parent / other, "bought", **options)
    assert everything(project) == before


def test_parquet_keeps_its_types_and_leaves_out_what_no_model_can_use(project: ForeignProject, file: Path) -> None:
    frame = pd.read_csv(file, parse_dates=["at"])
    frame = frame.assign(
        plan=pd.Categorical(np.where(frame.index % 3, "a", "b")), tags=[["x", "y"]] * len(frame), empty=None
    )
    frame.to_parquet(file.with_suffix(".parquet"))
    found = project.new("visits", file.with_suffix(".parquet"), "bought", time="at")
    assert set(found.source.dropped) == {"tags", "empty"}
    assert project.model("visits").kinds == {"x": "number", "plan": "category"}
