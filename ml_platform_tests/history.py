"""An installation with a past: January trained, February scored, then both corrected and done again.

The second candidate is rejected, since the champion has seen the rows that they would be compared on.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.lineage.upstream import prediction_upstream
from ml_platform.orchestration.keys import asset_key
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform_tests.place import RAW, Place
from ml_platform_tests.quick import quick_definitions, quick_model

PREDICTIONS = ArtifactKey("flights", "predictions", "2013-02")
ROW = 777


@dataclass(frozen=True)
class History:
    """What was known before the correction, and the installation after it."""

    place: Place
    before: dict[str, Any]
    """What one prediction comes from."""
    training: dict[ArtifactKey, tuple[Manifest, pd.DataFrame]]
    """Features and labels that version 1 was trained on."""
    predictions: Manifest

    @property
    def id(self) -> str:
        """The prediction's id."""
        found: str = self.before["id"]
        return found


def definitions() -> dg.Definitions:
    """Return `flights`, quick, with a job that scores and draws no drift report."""
    model = quick_model()
    ingest = dg.AssetSelection.assets(asset_key(model, "features"), asset_key(model, "labels")).upstream()
    predict = dg.define_asset_job("predict", ingest | dg.AssetSelection.assets(asset_key(model, "predictions")))
    return dg.Definitions.merge(quick_definitions(model), dg.Definitions(jobs=[predict]))


def correct(file: Path) -> None:
    """Change what the features of one flight are, and take another flight out; the contract holds."""
    frame = pd.read_parquet(file)
    frame.loc[ROW, "distance"] = 1234
    frame.drop(index=5).to_parquet(file)


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("history") / "data"
    for name in ("flights/2013-01.parquet", "flights/2013-02.parquet", "weather.parquet", "planes.parquet"):
        (folder / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RAW / name, folder / "raw" / name)
    with Place.open(folder, definitions()) as place:
        run(place, "")
        stores = place.stores
        prediction_id = stores.tables.read(PREDICTIONS)[PREDICTION_ID][ROW]
        before = asdict(prediction_upstream(stores, prediction_id))
        artifacts = [ArtifactKey("flights", asset, "2013-01") for asset in ("features", "labels")]
        training = {artifact: (stores.tables.require(artifact), stores.tables.read(artifact)) for artifact in artifacts}
        predictions = stores.tables.require(PREDICTIONS)
        for month in ("2013-01", "2013-02"):
            correct(place.raw(f"flights/{month}.parquet"))
        run(place, "champion version 1 was trained on every row of the comparison")
        yield History(place, before, training, predictions)


def run(place: Place, rejected: str) -> None:
    """Train January and score February; the candidate is promoted, or rejected for the reason."""
    trained = place.run("flights_train", "2013-01")
    assert trained.success, trained.problems
    reasons = place.stores.documents.read(ArtifactKey("flights", "decision", "2013-01"))["reasons"]
    assert rejected in "".join(reasons)
    assert place.run("predict", "2013-02").success


@pytest.fixture
def copied(history: History, tmp_path: Path) -> Iterator[Place]:
    """The installation again, of the test's own."""
    with Place.open_copy(history.place.folder, tmp_path / "data", history.place.definitions) as place:
        yield place
