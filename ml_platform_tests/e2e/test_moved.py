"""``mv`` of an installation breaks nothing: no store holds a path of its own folder."""

import shutil
from pathlib import Path

import pytest

from ml_platform.lineage.upstream import prediction_upstream
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place
from ml_platform_tests.small_models import small_definitions, table, write_model

MODEL = "tumours"
PREDICTIONS = ArtifactKey(MODEL, "predictions", None)


def run(place: Place, *verbs: str) -> None:
    for verb in verbs:
        outcome = place.run(f"{MODEL}_{verb}", None)
        assert outcome.success, outcome.problems


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The data folder of a model that was trained, promoted and scored elsewhere."""
    before, after = tmp_path / "before", tmp_path / "some where else"
    definitions = small_definitions(write_model(MODEL, before / "defs"))
    with Place.open(before / "data", definitions) as place:
        (before / "data" / "raw").mkdir(parents=True)
        table(MODEL).head(450).to_parquet(place.raw(f"{MODEL}.parquet"))
        run(place, "ingest", "train", "score")
    shutil.move(before, after)
    return after / "data"


def test_a_moved_installation_scores_verifies_shows_lineage_and_trains_again(moved: Path) -> None:
    definitions = small_definitions(moved.parent / "defs" / MODEL)
    with Place.open(moved, definitions) as place:
        stores = place.stores
        scored = stores.tables.read(PREDICTIONS)
        assert [difference for check in checks(stores) for difference in check.differences()] == []
        assert prediction_upstream(stores, scored["prediction_id"].iloc[0]).trained.version == "1"
        table(MODEL).to_parquet(place.raw(f"{MODEL}.parquet"))
        run(place, "ingest", "score")
        scored = place.stores.tables.read(PREDICTIONS)
        assert (len(scored), set(scored["model_version"])) == (len(table(MODEL)), {"1"})
        run(place, "train", "score")
        champion = place.stores.registry.champion(MODEL)
        assert champion is not None
        assert champion.version == "2"
        assert set(place.stores.tables.read(PREDICTIONS)["model_version"]) == {"2"}
        assert [difference for check in checks(place.stores) for difference in check.differences()] == []
