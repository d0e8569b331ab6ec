"""The exploration of a training window is a page that the UI links, made without training anything."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from ml_platform.exploration import label_issues, page, shift
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place, read_report
from ml_platform_tests.quick import FLIGHTS
from ml_platform_tests.small_models import small_definitions, table, write_model

EXPLORATION = dg.AssetKey(["flights", "exploration"])
LINK = "http://127.0.0.1:3001/flights/exploration/2013-01.html"


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shift, "SAMPLE_ROWS", 500)
    monkeypatch.setattr(label_issues, "SAMPLE_ROWS", 1000)
    monkeypatch.setattr(page, "MAX_DRAWN", 2)


def test_the_page_is_stored_and_linked(place: Place, definitions: dg.Definitions) -> None:
    alone = dg.AssetSelection.assets(["flights", "training_set"], EXPLORATION).without_checks()
    place.definitions = dg.Definitions.merge(
        definitions, dg.Definitions(jobs=[dg.define_asset_job("explore_only", alone)])
    )
    assert place.run("explore_only", "2013-01").success
    html = read_report(place.stores, "flights", "exploration", "2013-01")
    assert "<title>flights 2013-01: exploration</title>" in html
    event = place.instance.get_latest_materialization_event(EXPLORATION)
    assert event is not None
    metadata = event.asset_materialization.metadata
    assert metadata["report"].value == f"[exploration]({LINK})"
    assert "| train and test | look | told apart with AUC" in metadata["observations"].value
    assert metadata["associations"].value.startswith("![Associations with the target](data:image/png;base64,")
    artifact = ArtifactKey("flights", "exploration", "2013-01")
    document = place.stores.documents.read(artifact)
    features = {feature.name for feature in load_spec(FLIGHTS).features}
    assert {found["column"] for found in document["associations"]} == features
    inputs = place.stores.documents.require(artifact).inputs
    assert set(inputs) == {"flights/features/2013-01", "flights/labels/2013-01", "definition", "code"}
    assert place.stores.registry.champion("flights") is None


@pytest.mark.parametrize(("name", "said"), [("wines", "of 3 classes"), ("patients", "median")])
def test_multiclass_and_regression_models_are_explored_too(name: str, said: str, tmp_path: Path) -> None:
    definitions = small_definitions(write_model(name, tmp_path / "defs"))
    (tmp_path / "raw").mkdir()
    with Place.open(tmp_path, definitions) as place:
        table(name).to_parquet(place.raw(f"{name}.parquet"))
        outcome = place.run(f"{name}_explore", None)
        assert outcome.success, outcome.problems
        html = read_report(place.stores, name, "exploration", None)
    assert f"<title>{name}: exploration</title>" in html
    assert "<dd>the whole table</dd>" in html
    assert said in html
