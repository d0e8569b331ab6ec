"""A small model whose loop was run by the steps alone, and an installation that Dagster has trained."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ml_platform.pipeline.baseline import train_baseline
from ml_platform.pipeline.candidate import train_candidate
from ml_platform.pipeline.champion import promote_candidate
from ml_platform.pipeline.decision import decide_promotion
from ml_platform.pipeline.drift import compare_with_reference
from ml_platform.pipeline.evaluation import evaluate
from ml_platform.pipeline.features import make_features
from ml_platform.pipeline.labels import make_labels
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.predictions import predict
from ml_platform.pipeline.raw import record_raw_file
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.training_set import fix_training_set
from ml_platform.pipeline.valid_rows import divide_rows
from ml_platform.pipeline.validation import validate_table
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model
from ml_platform_tests.small_models import table, write_model

OF_A_TABLE = (record_raw_file, validate_table, divide_rows)
OF_THE_MODEL = (
    make_features,
    make_labels,
    fix_training_set,
    train_baseline,
    train_candidate,
    evaluate,
    decide_promotion,
    promote_candidate,
    predict,
    compare_with_reference,
)


@dataclass(frozen=True)
class Loop:
    """A model without partitions, its stores, and what each step has made."""

    model: Model
    stores: Stores
    run: RunContext
    made: dict[str, Any]

    def again(self, step: Callable[..., Any], **options: Any) -> Any:
        return step(self.model, self.stores, None, self.run, **options)


@pytest.fixture(scope="session")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """`tumours`, trained, promoted and scored; shared, so tests leave it as it was."""
    folder = tmp_path_factory.mktemp("loop")
    (folder / "raw").mkdir()
    table("tumours").to_parquet(folder / "raw" / "tumours.parquet")
    spec_folder = write_model("tumours", folder / "defs")
    model = Model.load(load_spec(spec_folder), spec_folder)
    stores = Stores(Installation(folder, f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}"))
    loop, before = Loop(model, stores, RunContext(run_id="by hand"), {}), dict(os.environ)
    for step in OF_A_TABLE:
        loop.made[step.__name__] = loop.again(step, table="tumours")
    for step in OF_THE_MODEL:
        loop.made[step.__name__] = loop.again(step)
    os.environ.clear()
    os.environ.update(before)  # MLflow writes its address into the environment
    return loop


@pytest.fixture(scope="session")
def trained_by_dagster(ingested_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An installation with January trained and promoted, quickly."""
    folder = tmp_path_factory.mktemp("quick") / "data"
    shutil.copytree(ingested_folder, folder)
    with Place.open(folder, quick_definitions(quick_model())) as place:
        assert place.run("flights_train", "2013-01").success
        return place


@pytest.fixture
def trained_quickly(trained_by_dagster: Place) -> Iterator[Place]:
    with Place.open(trained_by_dagster.folder, trained_by_dagster.definitions) as place:
        yield place


@pytest.fixture
def mine(trained_by_dagster: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the installation that a test may change; MLflow's artifacts are the shared ones."""
    shutil.copytree(trained_by_dagster.folder, tmp_path / "data")
    with Place.open(tmp_path / "data", trained_by_dagster.definitions) as place:
        yield place
