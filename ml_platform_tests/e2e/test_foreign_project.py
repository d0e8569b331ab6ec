"""The built wheel, in an environment of its own, serves a project that Dagster's own tool has made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

PROJECT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent

pytestmark = pytest.mark.processes


class Bakery:
    """An environment with the locked packages and the wheel, and a Dagster project beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "bakery"
        self.bin = folder / "environment" / "bin"

    def call(self, program: Path, *arguments: str | Path, cwd: Path | None = None) -> str:
        names = ("DAGSTER", "ML_PLATFORM", "MLFLOW", "PYTHONPATH", "VIRTUAL_ENV")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(names)}
        environment = {**inherited, "DAGSTER_HOME": str(self.folder / "home"), "COLUMNS": "200", "NO_COLOR": "1"}
        done = subprocess.run(
            [program, *arguments],
            cwd=cwd or self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout + done.stderr

    def here(self, program: str, *arguments: str | Path) -> str:
        """Call a program of the environment within the project."""
        return self.call(self.bin / program, *arguments, cwd=self.project)


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Bakery:
    made = Bakery(tmp_path_factory.mktemp("foreign"))
    uv, python = TOOLS / "uv", made.bin / "python"
    (made.folder / "home").mkdir()
    wheels = made.folder / "wheels"
    made.call(uv, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", wheels, PROJECT)
    made.call(uv, "venv", "--python", sys.executable, made.bin.parent)
    made.call(uv, "pip", "sync", "--require-hashes", "--python", python, PROJECT / "requirements.lock")
    made.call(uv, "pip", "install", "--no-deps", "--no-index", "--python", python, *wheels.glob("*.whl"))
    made.call(TOOLS / "create-dagster", "project", "--no-uv-sync", "bakery")
    made.call(uv, "pip", "install", "--no-deps", "--no-build-isolation", "--python", python, "--editable", made.project)
    return made


def test_a_proposed_model_is_listed_checked_and_materialized_by_dagsters_own_tools(bakery: Bakery) -> None:
    from sklearn.datasets import load_breast_cancer

    load_breast_cancer(as_frame=True).frame.iloc[:, -8:].to_csv(bakery.project / "tumours.csv", index=False)
    assert "site-packages" in bakery.here("python", "-c", "import ml_platform; print(ml_platform.__file__)")
    said = bakery.here("ml-platform", "new", "tumours", "--from", "tumours.csv", "--target", "target")
    assert "task binary" in said
    folder = bakery.project / "src" / "bakery" / "defs" / "tumours"
    assert sorted(file.name for file in folder.iterdir()) == ["contract.yaml", "defs.yaml"]
    assert "validated successfully" in bakery.here("dg", "check", "yaml")
    bakery.here("dg", "launch", "--job", "tumours_train")
    stores = Stores(Installation(bakery.project / "data", ""))
    evaluated = stores.documents.read(ArtifactKey("tumours", "evaluation", None))["baseline"]
    assert evaluated["candidate"]["roc_auc"]["value"] > 0.9
    assert evaluated["n_rows"] >= 100
    assert [entry.action for entry in stores.ledger("tumours").entries()] == ["registered", "promoted"]


def test_the_platforms_own_commands_find_the_foreign_models(bakery: Bakery) -> None:
    assert "tumours_score succeeded in" in bakery.here("ml-platform", "run", "tumours_score")
