"""Columns that give the outcome away stop the training by the data alone, in the run and in any other run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster_shared.utils.warnings import disable_dagster_warnings

from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.jobs import EXECUTORS
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.resources import mlflow, stores
from ml_platform.pipeline.model import Model
from ml_platform.spec import ModelSpec, load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

MONTH = "2013-01"
HIDDEN = {"gate": "dep_delay", "aloft": "air_time", "touchdown": "arr_time"}


def undeclared() -> Model:
    """Return `flights` without the declarations, and with three columns of the future under harmless names."""
    document = load_spec(FLIGHTS).model_dump(mode="json", by_alias=True)
    document["entity"]["available_later"] = {}
    document["features"] += [{"name": name, "kind": "number", "from": [c]} for name, c in HIDDEN.items()]
    return Model.load(ModelSpec.model_validate(document), FLIGHTS)


@pytest.fixture(scope="module")
def leaking(ingested_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    model = undeclared()
    rows = dg.AssetSelection.assets(asset_key(model, "training_set")).upstream()
    candidate = dg.AssetSelection.assets(asset_key(model, "candidate"))
    jobs = [dg.define_asset_job("in_one_run", rows | candidate), dg.define_asset_job("alone", candidate)]
    shared = dg.Definitions(resources={"stores": stores, "mlflow": mlflow}, jobs=jobs, executor=EXECUTORS["in_process"])
    with disable_dagster_warnings():
        definitions = dg.Definitions.merge(build_pipeline(model), shared)
    folder = tmp_path_factory.mktemp("leaking") / "data"
    with Place.open_copy(ingested_folder, folder, definitions) as place:
        yield place


def test_the_check_stops_the_run_and_names_each_column_with_the_reason(leaking: Place) -> None:
    assert not leaking.run("in_one_run", MONTH).success
    assert leaking.stores.documents.manifest(ArtifactKey("flights", "candidate", MONTH)) is None
    (check,) = leaking.check("flights/training_set", MONTH)
    assert check.status == "failed"
    for name in HIDDEN:
        assert f"{name}: it is filled together with the outcome" in check.message
    for honest in ("distance", "plane_seats", "temp"):
        assert f"{honest}:" not in check.message


def test_a_candidate_that_is_trained_in_a_run_of_its_own_is_rejected_too(leaking: Place) -> None:
    outcome = leaking.run("alone", MONTH)
    assert not outcome.success
    assert "The training set of flights/candidate" in str(outcome)
    assert "aloft: it is filled together with the outcome" in str(outcome)
    assert leaking.stores.documents.manifest(ArtifactKey("flights", "candidate", MONTH)) is None


def test_flights_as_it_is_has_no_leak_and_the_report_is_of_these_very_rows(trained: Place) -> None:
    stored = trained.stores.documents.require(ArtifactKey("flights", "leakage", MONTH))
    assert trained.stores.documents.read(ArtifactKey("flights", "leakage", MONTH))["passed"]
    candidate = trained.stores.documents.require(ArtifactKey("flights", "candidate", MONTH))
    versions = {name: version for name, version in stored.inputs.items() if name not in ("definition", "code")}
    assert versions == candidate.inputs
