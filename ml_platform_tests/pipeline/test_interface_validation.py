"""Features, the input of the champion and its predictions keep interface contracts, on the real data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.interface_validation import validate_input
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place

FEATURES, PREDICTIONS = ArtifactKey("flights", "features", "2013-01"), ArtifactKey("flights", "predictions", "2013-01")


@pytest.fixture
def scored(trained: Place, tmp_path: Path) -> Iterator[Place]:
    with Place.open_copy(trained.folder, tmp_path / "data", trained.definitions) as place:
        yield place


def failed(place: Place, asset: str) -> set[str]:
    results = place.check(f'key:"flights/{asset}"', "2013-01")
    assert results
    return {result.check for result in results if result.status == "failed"}


@pytest.mark.parametrize(
    ("artifact", "damage", "checks"),
    [
        (FEATURES, lambda f: f.assign(distance=f["distance"].astype(str)), {"schema", "column_distance"}),
        (FEATURES, lambda f: f.assign(arr_delay=1.0), {"schema"}),
        (FEATURES, lambda f: pd.concat([f, f.head(1)]), {"key"}),
        (PREDICTIONS, lambda f: f.assign(score=f["score"] + 0.9), {"column_score"}),
        (PREDICTIONS, lambda f: f.assign(score=f["score"].where(f.index > 2)), {"column_score"}),
        (PREDICTIONS, lambda f: f.iloc[1:], {"one_per_row"}),
        (PREDICTIONS, lambda f: f.assign(flight=f["flight"].iloc[::-1].to_numpy()), {"one_per_row"}),
    ],
)
def test_what_breaks_a_contract_is_named(
    scored: Place, artifact: ArtifactKey, damage: Callable[[pd.DataFrame], pd.DataFrame], checks: set[str]
) -> None:
    assert failed(scored, artifact.asset) == set()
    scored.stores.tables.write(artifact, damage(scored.stores.tables.read(artifact)))
    assert failed(scored, artifact.asset) >= checks


def test_rows_unlike_the_training_are_a_warning_and_no_input_an_error(scored: Place) -> None:
    champion = scored.stores.registry.champion("flights")
    assert champion is not None
    frame = scored.stores.tables.read(FEATURES)
    hot = validate_input(scored.stores, champion, frame.assign(temp=150.0), "a summer")
    usual = validate_input(scored.stores, champion, frame, "January")
    assert {one.check for one in hot.warnings} - {one.check for one in usual.warnings} == {"rule_seen_range_temp"}
    with pytest.raises(UncheckedData, match=r"a request is no input for model 'flights' version 1: .*dest"):
        validate_input(scored.stores, champion, frame.drop(columns="dest"), "a request")
    with pytest.raises(UncheckedData, match=r"distance"):
        validate_input(scored.stores, champion, frame.assign(distance="far"), "a request")
