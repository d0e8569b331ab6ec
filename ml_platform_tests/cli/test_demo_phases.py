"""What the demo depends on: its months, its model and the platform's code, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.cli import demo_phases
from ml_platform.cli.demo_phases import AFTER_DRIFT, BEFORE_DRIFT, RETRAIN, fingerprint
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

PACKAGE = Path(demo_phases.__file__).parents[1]


def test_the_phases_are_the_months_in_order_and_their_jobs_exist(definitions: dg.Definitions) -> None:
    phases = [*BEFORE_DRIFT, RETRAIN, AFTER_DRIFT]
    assert [phase.partition for phase in phases] == sorted(phase.partition for phase in phases)
    assert len({(phase.job, phase.partition) for phase in phases}) == len(phases)
    assert {phase.job for phase in phases} == {"flights_train", "flights_score", "flights_ingest"}


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ml_platform" / "cli").mkdir(parents=True)
    shutil.copytree(PACKAGE / "defs", tmp_path / "ml_platform" / "defs")
    shutil.copy(PACKAGE.parent / "dvc.lock", tmp_path)
    monkeypatch.setattr(demo_phases, "__file__", str(tmp_path / "ml_platform" / "cli" / "demo_phases.py"))
    return tmp_path


def changes(clone: Path, file: str, old: str, new: str) -> bool:
    """Return whether the fingerprint is another one after a change of a file, which need not exist."""
    stores = Stores(Installation(clone / "data", f"sqlite:///{clone}/mlflow.db"))
    before, path = fingerprint(stores), clone / file
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_text() if path.exists() else old
    assert old in content
    path.write_text(content.replace(old, new))
    return fingerprint(stores) != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("dvc.lock", "3212442cf856cbf6d7dffd1f7b8655cc", "0" * 32),  # April
        ("ml_platform/defs/flights/defs.yaml", "flights", "flights  "),
        ("ml_platform/defs/flights/features.py", "def ", "def  "),
        ("ml_platform/training/fit.py", "", "1"),
    ],
)
def test_it_depends_on_its_data_its_model_and_the_platforms_code(clone: Path, file: str, old: str, new: str) -> None:
    assert changes(clone, file, old, new)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("dvc.lock", "train_flights", "train_other"),
        ("dvc.lock", "f92ab33f1346b6b052c6c8017eb9bdd5", "0" * 32),  # July
        ("ml_platform/defs/rain/defs.yaml", "", "type: ModelPipeline"),
        ("ml_platform/defs/employment/defs.yaml", "employment", "employed"),
        ("data/ml_platform.db", "", "a promotion"),
    ],
)
def test_other_models_other_months_and_what_is_promoted_are_nothing_to_it(
    clone: Path, file: str, old: str, new: str
) -> None:
    assert not changes(clone, file, old, new)
