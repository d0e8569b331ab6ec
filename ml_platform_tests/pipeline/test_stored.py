"""A second run on unchanged inputs does no work twice and says the same; what has changed is done again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as sa

from ml_platform.orchestration.decided import came_to_decision
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import stored_document
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model

MONTH = "2013-01"
ASSETS = ("training_set", "leakage", "baseline", "candidate", "evaluation", "decision", "champion")
WORK = (
    "contract.validation.validate",
    "pipeline.valid_rows.split",
    "pipeline.features.build_features",
    "pipeline.labels.build_labels",
    "pipeline.training_set.split_rows",
    "leakage.find.find_leaks",
    "pipeline.baseline.fit_baseline",
    "pipeline.fitting.fit_candidate",
    "pipeline.fitting.to_onnx",
    "evaluation.evaluation.evaluate_candidate",
    "evaluation.plots.plots",
    "pipeline.decision.decide",
    "stores.mlflow.connection.Connection.ask",
)
"""What a run does, where the steps look it up."""


def never(*_: object, **__: object) -> None:
    raise AssertionError("done twice")


def versions(place: Place) -> dict[str, Any]:
    documents, tables = place.stores.documents, place.stores.tables
    keys = [ArtifactKey("flights", asset, MONTH) for asset in ASSETS]
    return {key.asset: documents.manifest(key) or tables.manifest(key) for key in keys}


def n_mlflow_runs(place: Place) -> int:
    return len(place.stores.mlflow.search_runs(""))


def test_an_unchanged_job_does_nothing_twice_and_ends_the_same(
    trained_quickly: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = trained_quickly
    before, entries, n_runs = versions(place), place.stores.ledger("flights").entries(), n_mlflow_runs(place)
    assert None not in before.values()
    for name in WORK:
        monkeypatch.setattr(f"ml_platform.{name}", never)
    again = place.run("flights_train", MONTH)
    monkeypatch.undo()
    assert again.success, again.problems
    assert versions(place) == before
    assert place.stores.ledger("flights").entries() == entries
    assert n_mlflow_runs(place) == n_runs
    assert came_to_decision(place.instance, place.stores, "flights", again.run_id)


def test_the_ui_goes_on_to_show_the_pictures_of_an_unchanged_evaluation(trained_quickly: Place) -> None:
    place, key = trained_quickly, dg.AssetKey(["flights", "evaluation"])
    shown = dg.MetadataValue.md("![ROC curve](…)")
    version = place.stores.documents.require(ArtifactKey("flights", "evaluation", MONTH)).version
    tags = {"dagster/data_version": version}
    place.instance.report_runless_asset_event(
        dg.AssetMaterialization(key, partition=MONTH, metadata={"roc_curve": shown}, tags=tags)
    )
    assert place.run("flights_train", MONTH).success
    event = place.instance.get_latest_materialization_event(key)
    assert event is not None
    assert event.run_id
    metadata = event.asset_materialization.metadata  # type: ignore[union-attr]
    assert metadata["roc_curve"] == shown
    assert "| roc auc |" in metadata["against_baseline"].value


def test_a_rejected_candidate_is_rejected_again_without_a_second_entry(ingested_folder: Path, tmp_path: Path) -> None:
    with Place.open_copy(ingested_folder, tmp_path / "data", quick_definitions(quick_model(margin=0.9))) as place:
        first, second = place.run("flights_train", MONTH), place.run("flights_train", MONTH)
        assert (first.success, second.success) == (True, True)
        (entry,) = place.stores.ledger("flights").entries()
        assert (entry.action, entry.dagster_run_id) == ("rejected", first.run_id)
        assert came_to_decision(place.instance, place.stores, "flights", second.run_id)
        assert place.stores.registry.champion("flights") is None
        assert place.stores.documents.manifest(ArtifactKey("flights", "champion", MONTH)) is None
        place.definitions = quick_definitions(quick_model())
        assert place.run("flights_train", MONTH).success, "other gates decide anew"


def test_a_damaged_document_is_made_again(mine: Place) -> None:
    stores, artifact = mine.stores, ArtifactKey("flights", "baseline", MONTH)
    manifest = stores.documents.require(artifact)
    with stores.database.writing("test") as connection:
        connection.execute(sa.update(documents).where(documents.c.version == manifest.version).values(content="{}"))
    made = stored_document(stores, artifact, manifest.inputs, lambda: {"prediction": 0.5}, RunContext())
    assert not made.kept
    assert stores.documents.read(artifact) == {"prediction": 0.5}
