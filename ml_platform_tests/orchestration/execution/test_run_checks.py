"""`asset check` evaluates what is stored: it is quiet when all is well, and names the column when it is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from click.testing import CliRunner

from ml_platform.cli.asset import asset
from ml_platform.orchestration.execution.run_checks import WrongCall
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA
from ml_platform_tests.place import Place, read_report

FLIGHTS = "raw/flights/2013-01.parquet"


@pytest.fixture
def copied(trained: Place, tmp_path: Path) -> Iterator[Place]:
    """A trained installation of the test's own."""
    shutil.copytree(trained.folder, tmp_path / "data")
    with Place.open(tmp_path / "data", trained.definitions) as place:
        yield place


def change(file: Path, column: str, value: object) -> None:
    frame = pd.read_parquet(file)
    frame.loc[5, column] = value
    frame.to_parquet(file)


def failed(place: Place, select: str = "group:flights") -> dict[str, str]:
    found = place.check(select, "2013-01")
    return {f"{result.asset} {result.check}": result.message for result in found if result.status == "failed"}


def test_all_is_well_after_a_trained_and_scored_partition(trained: Place) -> None:
    assert failed(trained) == {}


def test_every_check_of_a_contract_links_the_data_docs_of_its_verdict(trained: Place) -> None:
    key = dg.AssetCheckKey(dg.AssetKey(["flights", "raw_flights"]), "column_distance")
    (record,) = trained.instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    evaluation = record.event.dagster_event.asset_check_evaluation_data
    link = evaluation.metadata["data_docs"].value
    assert link.endswith("/flights/contract_flights/2013-01.html")
    page = read_report(trained.stores, "flights", "contract_flights", "2013-01")
    assert "Succeeded" in page
    assert "distance" in page


def test_a_raw_value_within_the_contract_is_noticed_and_its_column_named(copied: Place) -> None:
    change(copied.folder / FLIGHTS, "distance", 1234)
    found = failed(copied)
    assert set(found) == {"flights/raw_flights as_recorded", "flights/training_set leakage"}
    assert "made from an older file" in found["flights/training_set leakage"]
    assert "column 'distance'" in found["flights/raw_flights as_recorded"]


def test_a_raw_value_against_the_contract_is_named_with_its_row(copied: Place) -> None:
    change(copied.folder / FLIGHTS, "distance", -1)
    said = {f"{r.asset} {r.check}": r.message for r in copied.check("key:flights/raw_flights", "2013-01")}
    assert "row 5: -1" in said["flights/raw_flights column_distance"]
    assert "column 'distance'" in said["flights/raw_flights as_recorded"]


@pytest.mark.parametrize(("asset", "column"), [("features", "temp"), ("predictions", "score"), ("labels", "label")])
def test_a_changed_value_in_a_stored_table_is_named(copied: Place, asset: str, column: str) -> None:
    artifact = ArtifactKey("flights", asset, "2013-01")
    version = copied.stores.tables.require(artifact).version
    change(Path(copied.stores.tables.where(artifact, version)), column, 0.125)
    found = failed(copied, f"key:flights/{asset}")
    assert list(found) == [f"flights/{asset} as_recorded"]
    assert f"column '{column}'" in found[f"flights/{asset} as_recorded"]


def test_nothing_stored_has_failed_and_says_what_to_run(tmp_path: Path, definitions: dg.Definitions) -> None:
    with Place.open(tmp_path / "data", definitions) as place:
        found = place.check("group:flights", "2013-01")
    assert {result.status for result in found} == {"failed"}
    assert all("Run: ml-platform asset materialize --select" in result.message for result in found)


def test_a_check_that_crashes_has_failed(copied: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ml_platform.stores.tables.TableStore.differences", crash)
    found = failed(copied, "key:flights/features")
    assert "crashed" in found["flights/features as_recorded"]


@pytest.mark.parametrize(
    ("select", "partition", "message"),
    [
        ("group:flihgts", "2013-01", "matches no asset that has checks. Groups: employment, flights"),
        ("group:", None, "--select 'group:'"),
        ("nothing/here", None, "--select 'nothing/here'"),
        ("group:flights", "2013-13", "none of that name, only 2013-01"),
        ("key:flights/raw_planes", "2013-01", "nothing in the selection"),
    ],
)
def test_a_wrong_call_is_told_from_a_failed_check(trained: Place, select: str, partition: str, message: str) -> None:
    with pytest.raises(WrongCall, match=message):
        trained.check(select, partition)


def test_exit_codes_of_the_command(copied: Place, tmp_path: Path) -> None:
    environment = {DATA: str(copied.folder), "DAGSTER_HOME": str(tmp_path / "dagster")}

    def code(*arguments: str) -> int:
        os.environ.pop("DAGSTER_HOME", None)
        return CliRunner().invoke(asset, ["check", *arguments], env=environment).exit_code

    assert code("--select", "key:flights/features", "--partition", "2013-01") == 0
    assert code("--select", "key:flights/features", "--partition", "2013-02", "--output", "github") == 1
    assert code("--select", "group:nobody") == 2
    assert code("--output", "xml") == 2


def test_dagsters_own_commands_are_in_the_same_group() -> None:
    assert {"list", "materialize", "wipe", "check"} <= set(asset.commands)
