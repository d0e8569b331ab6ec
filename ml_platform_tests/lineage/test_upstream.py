"""A prediction is traced to everything that it came from, also after all of that was made again differently."""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from ml_platform.errors import DataError, UnknownId
from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.lineage.upstream import find, prediction_upstream
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents
from ml_platform.stores.git import git_commit
from ml_platform.stores.installation import Installation
from ml_platform.stores.manifests import is_of
from ml_platform.stores.stores import Stores
from ml_platform_tests.history import PREDICTIONS, ROW, History
from ml_platform_tests.place import RAW, Place
from ml_platform_tests.quick import FLIGHTS


def md5(file: Path) -> str:
    return hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()


def test_a_prediction_names_its_row_features_model_data_and_checks(history: History) -> None:
    before, raw = history.before, pd.read_parquet(RAW / "flights/2013-02.parquet")
    assert before["row"]["flight"] == raw["flight"][ROW]
    assert before["row"]["time_hour"] == raw["time_hour"][ROW].isoformat()
    assert before["features"]["values"]["distance"] == raw["distance"][ROW]
    assert before["features"]["values"]["carrier"] == raw["carrier"][ROW]
    sources = {(source["table"], source["partition"]): source for source in before["sources"]}
    history_too = ("flights", "2013-01")  # the share of late flights looks back on the month before
    assert set(sources) == {history_too, ("flights", "2013-02"), ("weather", None), ("planes", None)}
    assert sources["flights", "2013-02"]["md5"] == md5(RAW / "flights/2013-02.parquet")
    trained = before["trained"]
    assert [(source["table"], source["md5"]) for source in trained["sources"]] == [
        ("flights", md5(RAW / "flights/2013-01.parquet")),
        ("planes", md5(RAW / "planes.parquet")),
        ("weather", md5(RAW / "weather.parquet")),
    ]
    assert all(f["passed"] and f["message"] for source in trained["sources"] for f in source["check_results"])
    assert trained["training"] == {
        str(artifact): manifest.version for artifact, (manifest, _) in history.training.items()
    }
    assert [event["action"] for event in trained["events"]] == ["registered", "promoted"]
    assert "beats_baseline passed" in trained["events"][0]["reasons"][0]
    for commit in (before["code"], before["features"]["code"], trained["code"], trained["definition_code"]):
        assert commit in (history.place.stores.code, git_commit(FLIGHTS))


def test_the_answer_is_the_same_after_all_of_it_was_made_again_and_says_that_it_is_superseded(
    history: History,
) -> None:
    stores = history.place.stores
    assert stores.tables.require(PREDICTIONS) != history.predictions
    now = asdict(prediction_upstream(stores, history.id))
    superseded = now.pop("superseded")
    assert history.before["superseded"] is None
    assert now == {name: value for name, value in history.before.items() if name != "superseded"}
    assert superseded["version"] == stores.tables.require(PREDICTIONS).version
    newer = prediction_upstream(stores, superseded[PREDICTION_ID])
    assert newer.superseded is None
    assert newer.features.values["distance"] == 1234
    assert {name: newer.row[name] for name in ("time_hour", "carrier", "flight")} == {
        name: now["row"][name] for name in ("time_hour", "carrier", "flight")
    }
    assert {f.md5 for f in newer.sources if f.table == "flights"} == {
        md5(history.place.raw(f"flights/{month}.parquet")) for month in ("2013-01", "2013-02")
    }


def test_a_row_that_is_gone_is_said_to_be(history: History) -> None:
    stores = history.place.stores
    gone = stores.tables.read_version(history.predictions)[PREDICTION_ID][5]
    superseded = prediction_upstream(stores, gone).superseded
    assert superseded is not None
    assert superseded[PREDICTION_ID] is None


def test_the_training_set_of_a_version_is_read_back_exactly_after_it_was_recomputed(history: History) -> None:
    tables = history.place.stores.tables
    for artifact, (manifest, rows) in history.training.items():
        assert tables.require(artifact).version != manifest.version
        pd.testing.assert_frame_equal(tables.read_version(manifest), rows)
        assert not rows.equals(tables.read(artifact))


def test_checks_on_the_very_training_set_are_told_and_those_on_another_are_not(history: History, copied: Place) -> None:
    """Any document beside the candidate that says whether something passed, such as the check for leakage."""
    documents, trained = copied.stores.documents, history.before["trained"]
    assert trained["checks"]["leakage"]["passed"]
    other, training = ArtifactKey("flights", "other", "2013-01"), trained["training"]
    documents.write(other, {"passed": True, "n": 1}, inputs={**training, "definition": trained["definition"]})
    documents.write(other, {"passed": False, "n": 2}, inputs={**training, "flights/labels/2013-01": "another version"})
    documents.write(other, {"passed": False, "n": 3}, inputs={**training, "definition": "another definition"})
    assert prediction_upstream(copied.stores, history.id).trained.checks["other"] == {"passed": True, "n": 1}


@pytest.mark.parametrize("wrong", ["", "777", "flights-xyz", "../../flights-" + "0" * 24, "flights-" + "0" * 24])
def test_an_unknown_id_is_refused_with_one_that_exists(history: History, wrong: str) -> None:
    with pytest.raises(UnknownId, match=r"Ids look like 'flights-[0-9a-f]{24}'"):
        prediction_upstream(history.place.stores, wrong)


def test_before_anything_was_predicted_the_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownId, match="Nothing has been predicted yet"):
        prediction_upstream(Stores(Installation(tmp_path, "sqlite:///")), "flights-" + "0" * 24)


def test_a_damaged_fact_is_an_error_and_not_another_answer(history: History, copied: Place) -> None:
    stores = copied.stores
    history_of_validation = stores.manifests.select(*is_of(ArtifactKey("flights", "validation_flights", "2013-02")))
    raw = md5(RAW / "flights/2013-02.parquet")
    (validation,) = [m for m in history_of_validation.values() if m.inputs["raw"] == raw]
    with stores.database.writing("test") as connection:
        content = sa.func.replace(documents.c.content, "24951", "24952")
        connection.execute(
            sa.update(documents).where(documents.c.version == validation.version).values(content=content)
        )
    with pytest.raises(DataError, match=validation.version):
        prediction_upstream(stores, history.id)


def test_an_id_is_found_among_a_year_of_predictions_within_two_seconds(history: History, tmp_path: Path) -> None:
    """336,776 predictions in 12 partitions; the limit is what the user waits, imports apart."""
    stores, rows = Stores(Installation(tmp_path, "sqlite:///")), history.place.stores.tables.read(PREDICTIONS)
    wanted = ""
    for month in range(1, 13):
        digits = np.random.default_rng(month).integers(0, 2**63, size=28_065)
        ids = [f"flights-{value:024x}" for value in digits]
        frame = pd.concat([rows, rows]).head(len(ids)).assign(**{PREDICTION_ID: ids})
        stores.tables.write(PREDICTIONS._replace(partition=f"2013-{month:02}"), frame)
        wanted = ids[ROW]
    started = time.perf_counter()
    _, manifest = find(stores, wanted)
    assert manifest.artifact.endswith("/2013-12")
    assert time.perf_counter() - started < 2
