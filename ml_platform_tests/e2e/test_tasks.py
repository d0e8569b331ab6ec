"""Every task goes through the whole loop, on tables without partitions, with and without time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import numpy as np
import pandas as pd
import pytest

from ml_platform.orchestration.automation.schedule import newest_untrained
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place
from ml_platform_tests.small_models import SMALL_MODELS, small_definitions, table, write_model

NOW = datetime(2026, 1, 1, tzinfo=UTC)

FIRST_ROWS = 0.8
"""Share of the table that the first version is trained on."""


@pytest.fixture(scope="module", params=SMALL_MODELS)
def scored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Place]]:
    """An installation with one model, trained, promoted and scored on the first rows of its table."""
    name, folder = request.param, tmp_path_factory.mktemp(request.param)
    definitions = small_definitions(write_model(name, folder / "defs"))
    (folder / "raw").mkdir()
    with Place.open(folder, definitions) as place:
        first_rows(name).to_parquet(place.raw(f"{name}.parquet"))
        for verb in ("ingest", "train", "score"):
            outcome = place.run(f"{name}_{verb}", None)
            assert outcome.success, outcome.problems
        yield name, place


def first_rows(name: str) -> pd.DataFrame:
    """Return the earliest rows, or any where there is no time."""
    rows = table(name)
    if SMALL_MODELS[name].time:
        return rows.head(round(FIRST_ROWS * len(rows)))
    return rows.sample(frac=FIRST_ROWS, random_state=1).sort_index()


def model_of(name: str, place: Place) -> Model:
    folder = place.folder / "defs" / name
    return Model.load(load_spec(folder), folder)


def test_every_check_of_the_graph_is_green_and_every_row_has_a_prediction(scored: tuple[str, Place]) -> None:
    name, place = scored
    results = place.check(f"group:{name}", None)
    assert {r.check for r in results} >= {f"psi_{column}" for column in SMALL_MODELS[name].predicted}
    assert [r for r in results if r.status != "passed"] == []
    predictions = place.stores.tables.read(ArtifactKey(name, "predictions", None))
    times = ["event_time", "prediction_time"] if SMALL_MODELS[name].time else []
    columns = ["row", *times, "prediction_id", *SMALL_MODELS[name].predicted, "model_version", "features_version"]
    assert list(predictions) == columns
    assert len(predictions) == round(FIRST_ROWS * len(table(name)))
    assert predictions.notna().all(axis=None)
    if name == "wines":
        probabilities = predictions[list(SMALL_MODELS[name].predicted[:-1])]
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
        assert (
            predictions["predicted"] == table(name).set_index("row")["cultivar"][predictions["row"]].array
        ).mean() > 0.9


def test_more_rows_are_compared_with_the_champion_on_rows_that_neither_was_trained_on(
    scored: tuple[str, Place],
) -> None:
    name, place = scored
    model = model_of(name, place)
    before = load_training_rows(model, place.stores, None, RunContext())
    assert isinstance(newest_untrained(model, place.stores, NOW), dg.SkipReason), "the clock brings no new rows"
    table(name).to_parquet(place.raw(f"{name}.parquet"))
    assert isinstance(newest_untrained(model, place.stores, NOW), dg.RunRequest)
    assert place.run(f"{name}_train", None).success
    after = load_training_rows(model, place.stores, None, RunContext())
    learned = np.concatenate([before.split.train, before.split.validation])
    tested = set(after.frame["row"].iloc[after.split.test])
    assert not tested & set(before.frame["row"].iloc[learned])
    if SMALL_MODELS[name].time is None:
        assert tested > set(before.frame["row"].iloc[before.split.test])
    evaluation = place.stores.documents.read(ArtifactKey(name, "evaluation", None))
    assert evaluation["champion_version"] == "1"
    assert evaluation["n_unseen"] == evaluation["champion"]["n_rows"] == len(tested)
    decision = place.stores.documents.read(ArtifactKey(name, "decision", None))
    assert decision["promote"], decision["reasons"]
    assert f"on {len(tested)} rows that it has not seen" in decision["reasons"][1]


def test_the_pictures_are_those_of_the_task(scored: tuple[str, Place]) -> None:
    name, place = scored
    curves = place.stores.documents.read(ArtifactKey(name, "evaluation", None))["curves"]
    wanted = {
        "wines": {"confusion"},
        "tumours": {"roc", "calibration"},
        "patients": {"predictions"},
        "hours": {"roc", "calibration"},
    }
    assert set(curves) == wanted[name]


def test_a_candidate_that_learned_from_shuffled_outcomes_is_rejected_and_the_champion_stays(
    scored: tuple[str, Place],
) -> None:
    name, place = scored
    champion, rows = place.stores.registry.champion(name), table(name)
    target = SMALL_MODELS[name].target["column"]
    shuffled = rows[target].sample(frac=1, random_state=3).array
    rows.assign(**{target: shuffled}).to_parquet(place.raw(f"{name}.parquet"))
    outcome = place.run(f"{name}_train", None)
    assert outcome.success, outcome.problems
    decision = place.stores.documents.read(ArtifactKey(name, "decision", None))
    assert decision["reasons"][0].startswith("beats_baseline FAILED")
    assert place.stores.registry.champion(name) == champion
