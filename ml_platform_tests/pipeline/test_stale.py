"""A changed file or contract recomputes its partition and what depends on it, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from ml_platform.orchestration.execution.run_job import refresh_model
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import stale_partitions
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS, quick_definitions

NOW = datetime(2014, 2, 1, tzinfo=UTC)
ASSETS = ("valid_flights", "quarantine_flights", "features", "labels")


def load(folder: Path = FLIGHTS) -> Model:
    return Model.load(load_spec(folder), folder)


def versions(place: Place, partition: str) -> dict[str, str]:
    tables = place.stores.tables
    return {asset: tables.require(ArtifactKey("flights", asset, partition)).version for asset in ASSETS}


def materialized(place: Place, asset: str) -> list[str | None]:
    """Return the partitions of each materialization of an asset, the first one first."""
    key = dg.AssetKey(["flights", asset])
    records = place.instance.fetch_materializations(key, limit=100).records
    return [record.partition_key for record in reversed(records)]


def add_months(place: Place, *months: str) -> None:
    for month in months:
        place.deliver(month)
        assert place.run("flights_ingest", month).success


def change(file: Path, values: Any) -> None:
    frame = pd.read_parquet(file)
    values(frame).to_parquet(file)


def recompute(place: Place, model: Model | None = None) -> list[str]:
    jobs: list[str] = []
    with place.environment():
        outcomes = refresh_model(
            place.definitions, place.instance, model or load(), place.stores, NOW, on_job=jobs.append
        )
    assert all(outcome.success for outcome in outcomes), outcomes
    return jobs


def test_the_same_file_delivered_twice_changes_nothing(place: Place) -> None:
    before = versions(place, "2013-01")
    file = place.raw("flights/2013-01.parquet")
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)
    assert stale_partitions(load(), place.stores, NOW) == []
    assert place.run("flights_ingest", "2013-01").success
    assert versions(place, "2013-01") == before


def test_a_corrected_file_recomputes_its_partition_and_what_depends_on_it_and_nothing_else(place: Place) -> None:
    months = ("2013-01", "2013-02", "2013-03", "2013-04")
    add_months(place, *months[1:])
    before = {month: versions(place, month) for month in months}
    change(place.raw("flights/2013-02.parquet"), lambda f: f.iloc[1:].reset_index(drop=True))
    found, behind = stale_partitions(load(), place.stores, NOW)
    assert (found.partition, found.reasons) == ("2013-02", ("2013-02.parquet of flights has changed",))
    assert behind.partition == "2013-03"
    n_before = len(materialized(place, "features"))
    assert recompute(place) == ["flights_ingest 2013-02", "flights_ingest 2013-03"], "March looks back 28 days"
    assert materialized(place, "features")[n_before:] == ["2013-02", "2013-03"]
    after = {month: versions(place, month) for month in months}
    assert (after["2013-01"], after["2013-04"]) == (before["2013-01"], before["2013-04"])
    changed = {month: {asset for asset in ASSETS if after[month][asset] != before[month][asset]} for month in months}
    assert changed["2013-02"] == {"valid_flights", "features", "labels"}
    assert changed["2013-03"] == {"features"}
    assert stale_partitions(load(), place.stores, NOW) == []


def test_work_whose_inputs_are_the_same_is_kept_and_not_repeated(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("recomputed")

    assert place.run("flights_ingest", "2013-01").success, "the fixture's data were made in another folder"
    monkeypatch.setattr("ml_platform.pipeline.features.build_features", never)
    monkeypatch.setattr("ml_platform.pipeline.valid_rows.split", never)
    assert place.run("flights_ingest", "2013-01").success


def test_rows_that_break_the_contract_come_back_when_the_file_is_repaired(place: Place) -> None:
    file = place.raw("flights/2013-01.parquet")
    intact, before = file.read_bytes(), versions(place, "2013-01")
    change(file, lambda f: f.assign(distance=f["distance"].where(f.index >= 3, 99_999)))
    assert recompute(place) == ["flights_ingest 2013-01"]
    assert place.stores.tables.require(ArtifactKey("flights", "quarantine_flights", "2013-01")).n_rows == 3
    file.write_bytes(intact)
    assert recompute(place) == ["flights_ingest 2013-01"]
    assert versions(place, "2013-01") == before
    assert readmitted(place) == 3


def readmitted(place: Place) -> Any:
    (record,) = place.instance.fetch_materializations(dg.AssetKey(["flights", "valid_flights"]), limit=1).records
    assert record.asset_materialization is not None
    return record.asset_materialization.metadata["rows_readmitted"].value


@pytest.fixture
def lenient(tmp_path: Path) -> Iterator[Model]:
    """The model with a contract that allows longer flights."""
    folder = tmp_path / "flights"
    shutil.copytree(FLIGHTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    contract = folder / "contract_flights.yaml"
    text = contract.read_text(encoding="utf-8")
    assert text.count("maximum: 10000}") == 1
    contract.write_text(text.replace("maximum: 10000}", "maximum: 100000}"), encoding="utf-8")
    return load(folder)


def test_rows_come_back_when_the_contract_is_repaired_in_the_affected_partition_only(
    place: Place, lenient: Model
) -> None:
    add_months(place, "2013-02")
    january = versions(place, "2013-01")
    change(place.raw("flights/2013-02.parquet"), lambda f: f.assign(distance=f["distance"].where(f.index >= 3, 99_999)))
    assert recompute(place) == ["flights_ingest 2013-02"]
    place.definitions = quick_definitions(lenient)
    reasons = [one.reasons for one in stale_partitions(lenient, place.stores, NOW)]
    assert reasons == [("the contract of flights has changed",)] * 2
    recompute(place, lenient)
    assert readmitted(place) == 3
    assert place.stores.tables.require(ArtifactKey("flights", "quarantine_flights", "2013-02")).n_rows == 0
    assert versions(place, "2013-01") == january
