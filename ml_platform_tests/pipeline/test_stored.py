"""A second run on unchanged inputs does no work twice and says the same; what has changed is done again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ml_platform.errors import UncheckedData
from ml_platform.orchestration.decided import came_to_decision
from ml_platform.pipeline.champion import promote_candidate
from ml_platform.pipeline.decision import decide_promotion, load_decision
from ml_platform.pipeline.evaluation import evaluate
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import stored_document
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model

MONTH = "2013-01"
ASSETS = ("training_set", "leakage", "baseline", "candidate", "evaluation", "decision", "champion")
WORK = (
    "validation.evaluate",
    "valid_rows.split",
    "features.build_features",
    "labels.build_labels",
    "training_set.split_rows",
    "leakage.find_leaks",
    "baseline.fit_baseline",
    "candidate.fit_candidate",
    "candidate.to_onnx",
    "evaluation.evaluate_candidate",
    "evaluation.plots",
    "decision.decide",
    "interface_validation.evaluate",
    "exploration.explore",
)
"""What a run does, as the modules of the pipeline call it."""


def never(*_: object, **__: object) -> None:
    raise AssertionError("done twice")


@pytest.fixture(scope="module")
def shared(ingested_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An installation with January trained, promoted and explored, quickly."""
    folder = tmp_path_factory.mktemp("quick") / "data"
    shutil.copytree(ingested_folder, folder)
    with Place.open(folder, quick_definitions(quick_model())) as place:
        assert place.run("flights_train", MONTH).success
        return place


@pytest.fixture
def trained_quickly(shared: Place) -> Iterator[Place]:
    with Place.open(shared.folder, shared.definitions) as place:
        yield place


def versions(place: Place) -> dict[str, Any]:
    documents, tables = place.stores.documents, place.stores.tables
    keys = [ArtifactKey("flights", asset, MONTH) for asset in ASSETS]
    return {key.asset: documents.manifest(key) or tables.manifest(key) for key in keys}


def n_mlflow_runs(place: Place) -> int:
    return len(place.stores.registry._connection.search_runs(""))


def test_an_unchanged_job_does_nothing_twice_and_ends_the_same(
    trained_quickly: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = trained_quickly
    before, entries, n_runs = versions(place), place.stores.ledger("flights").entries(), n_mlflow_runs(place)
    assert None not in before.values()
    for name in WORK:
        monkeypatch.setattr(f"ml_platform.pipeline.{name}", never)
    again = place.run("flights_train", MONTH)
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
    assert "| roc_auc |" in metadata["metrics"].value


def test_a_rejected_candidate_is_rejected_again_without_a_second_entry(ingested_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(ingested_folder, tmp_path / "data")
    with Place.open(tmp_path / "data", quick_definitions(quick_model(margin=0.9))) as place:
        first, second = place.run("flights_train", MONTH), place.run("flights_train", MONTH)
        assert (first.success, second.success) == (False, False)
        assert second.problems == first.problems
        (entry,) = place.stores.ledger("flights").entries()
        assert (entry.action, entry.dagster_run_id) == ("rejected", first.run_id)
        assert came_to_decision(place.instance, place.stores, "flights", second.run_id)
        place.definitions = quick_definitions(quick_model())
        assert place.run("flights_train", MONTH).success, "other gates decide anew"


@pytest.fixture
def mine(shared: Place, tmp_path: Path) -> Iterator[Place]:
    """A copy of the installation that a test may change; MLflow's artifacts are the shared ones."""
    shutil.copytree(shared.folder, tmp_path / "data")
    with Place.open(tmp_path / "data", shared.definitions) as place:
        yield place


def test_another_champion_is_compared_with_anew_and_an_older_decision_does_not_replace_it(mine: Place) -> None:
    model, stores, run = quick_model(), mine.stores, RunContext()
    first = load_decision(model, stores, MONTH)
    candidate = stores.documents.read(ArtifactKey("flights", "candidate", MONTH))
    onnx = stores.registry.load_candidate(candidate["run_id"], candidate["onnx_sha256"])
    frame = stores.tables.read(ArtifactKey("flights", "features", MONTH))[list(model.kinds)].head(2)
    record = stores.registry.log_candidate(model="flights", onnx=onnx + b"\x7a\x00", input_example=frame)
    other = stores.registry.register("flights", run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    stores.registry.promote("flights", other)
    with pytest.raises(UncheckedData, match=f"compared with champion none, and the champion is {other} now"):
        promote_candidate(model, stores, MONTH, run)
    assert stores.registry.champion("flights").version == other  # type: ignore[union-attr]
    assert first.version == "1"


def test_what_is_bound_together_cannot_be_exchanged(mine: Place) -> None:
    model, stores = quick_model(), mine.stores
    evaluation, candidate = (ArtifactKey("flights", asset, MONTH) for asset in ("evaluation", "candidate"))
    measured, trained = stores.documents.read(evaluation), stores.documents.read(candidate)
    inputs = stores.documents.require(evaluation).inputs
    stores.documents.write(evaluation, {**measured, "seed": 2}, inputs=inputs)
    with pytest.raises(UncheckedData, match="about an older evaluation or other gates"):
        promote_candidate(model, stores, MONTH, RunContext())
    (failed, *_) = mine.check("flights/decision", MONTH)
    assert failed.status == "failed"
    assert "older evaluation" in failed.message
    stores.documents.write(
        candidate, {**trained, "onnx_sha256": "0" * 64}, inputs=stores.documents.require(candidate).inputs
    )
    with pytest.raises(UncheckedData, match="about an older candidate"):
        decide_promotion(model, stores, MONTH, RunContext())
    stores.documents.write(candidate, trained, inputs={"flights/features/2013-01": "other rows"})
    with pytest.raises(UncheckedData, match="was trained on older rows"):
        evaluate(model, stores, MONTH, RunContext())


def test_a_damaged_document_is_made_again(mine: Place) -> None:
    stores, artifact = mine.stores, ArtifactKey("flights", "baseline", MONTH)
    manifest = stores.documents.require(artifact)
    stores.documents.file(artifact, manifest.version).write_bytes(b"{}")
    made = stored_document(stores, artifact, manifest.inputs, lambda: {"prediction": 0.5}, RunContext())
    assert not made.kept
    assert stores.documents.read(artifact) == {"prediction": 0.5}


def test_a_candidate_that_mlflow_has_lost_is_trained_again(mine: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from ml_platform.errors import ModelError
    from ml_platform.stores.mlflow.registry import Registry

    before = mine.stores.documents.require(ArtifactKey("flights", "candidate", MONTH))
    load, lost = (
        Registry.load_candidate,
        mine.stores.documents.read(ArtifactKey("flights", "candidate", MONTH))["run_id"],
    )

    def forgetful(registry: Registry, run_id: str, sha256: str) -> bytes:
        if run_id == lost:
            raise ModelError("gone")
        return load(registry, run_id, sha256)

    monkeypatch.setattr(Registry, "load_candidate", forgetful)
    assert mine.run("flights_train", MONTH).success
    after = mine.stores.documents.read(ArtifactKey("flights", "candidate", MONTH))
    assert after["run_id"] != lost
    assert mine.stores.documents.require(ArtifactKey("flights", "candidate", MONTH)).version != before.version
