"""Bad data ends in one clear message, changes nothing that was there, and a rerun after the repair succeeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from ml_platform.contract import load_contract
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place, read_report
from ml_platform_tests.quick import FLIGHTS as FOLDER

FEATURES = ArtifactKey("flights", "features", "2013-01")
FLIGHTS = "flights/2013-01.parquet"
MODELS = ("employment", "flights")
DEFS = FOLDER.parent


def edit(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    """Return a damage that reads a file, changes its rows, and writes it again."""
    return lambda file: change(pd.read_parquet(file)).to_parquet(file)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def some_missing(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(origin=frame["origin"].where(frame.index % 10 >= 3))


CASES: dict[str, tuple[str, Callable[[Path], None], list[str]]] = {
    "missing file": (FLIGHTS, Path.unlink, ["2013-01.parquet does not exist", "make fetch"]),
    "truncated file": (FLIGHTS, truncate, ["2013-01.parquet", "bytes) cannot be read"]),
    "empty partition": (FLIGHTS, edit(lambda f: f.head(0)), ["2013-01.parquet", "0 rows"]),
    "renamed column": (
        FLIGHTS,
        edit(lambda f: f.rename(columns={"distance": "dist"})),
        ["2013-01.parquet", "27,004 rows", "'distance'", "'dist'"],
    ),
    "retyped column": (
        FLIGHTS,
        edit(lambda f: f.assign(distance=f["distance"].astype(str))),
        ["2013-01.parquet", "distance", "27,004"],
    ),
    "nulls in a required column": (FLIGHTS, edit(some_missing), ["2013-01.parquet", "origin", "8,103 of 27,004"]),
    "duplicated key": (
        FLIGHTS,
        edit(lambda f: pd.concat([f, f.head(7)], ignore_index=True)),
        ["2013-01.parquet", "time_hour, carrier, flight", "14"],
    ),
    "rows of another month": (
        FLIGHTS,
        edit(lambda f: f.assign(sched_dep_at=f["sched_dep_at"] + pd.Timedelta(days=31) * (f.index == 5))),
        ["2013-01.parquet", "sched_dep_at", "1 of 27,004"],
    ),
    "joined table with a duplicated key": (
        "planes.parquet",
        edit(lambda f: pd.concat([f, f.head(1)], ignore_index=True)),
        ["planes.parquet", "tailnum", "2"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_changes_nothing_and_is_repaired_by_a_rerun(place: Place, case: str) -> None:
    name, damage, words = CASES[case]
    file = place.raw(name)
    intact, before = file.read_bytes(), place.stores.tables.require(FEATURES)
    damage(file)
    outcome = place.run("flights_ingest", "2013-01")
    said = "\n".join(outcome.problems)
    assert not outcome.success
    for word in words:
        assert word in said
    assert place.stores.tables.require(FEATURES) == before
    assert not place.stores.tables.differences(before)
    file.write_bytes(intact)
    assert place.run("flights_ingest", "2013-01").success
    assert place.stores.tables.require(FEATURES).version == before.version


def test_rows_that_break_a_rule_are_set_aside_with_the_reason_up_to_the_stated_share(place: Place) -> None:
    file = place.raw(FLIGHTS)
    frame = pd.read_parquet(file)
    frame.assign(distance=frame["distance"].where(frame.index != 7, -1)).to_parquet(file)
    assert place.run("flights_ingest", "2013-01").success
    quarantined = place.stores.tables.read(ArtifactKey("flights", "quarantine_flights", "2013-01"))
    assert quarantined["distance"].tolist() == [-1]
    assert "distance" in quarantined["reasons"].iloc[0]
    assert place.stores.tables.require(ArtifactKey("flights", "valid_flights", "2013-01")).n_rows == len(frame) - 1
    too_many = frame["distance"].where(frame.index % 50 != 0, -1)
    frame.assign(distance=too_many).to_parquet(file)
    outcome = place.run("flights_ingest", "2013-01")
    assert "distance" in "\n".join(outcome.problems)
    assert place.stores.tables.require(ArtifactKey("flights", "valid_flights", "2013-01")).n_rows == len(frame) - 1


@pytest.mark.parametrize("model", MODELS)
def test_raw_assets_have_a_blocking_check_per_column_and_rule(definitions: dg.Definitions, model: str) -> None:
    graph, folder = definitions.resolve_asset_graph(), DEFS / model
    spec = load_spec(folder)
    for table in spec.tables:
        contract = load_contract(folder / spec.contract_file(table))
        promised = contract.partitioned_checks if table == spec.entity.table else contract.checks
        keys = graph.get_check_keys_for_assets({dg.AssetKey([model, f"raw_{table}"])})
        assert {key.name for key in keys} == {check.name for check in promised} | {"as_recorded", "all_checks"}
        assert {f"column_{column}" for column in contract.columns} <= {key.name for key in keys}
        warnings = {check.name for check in promised if check.severity == "warning"}
        assert {key.name for key in keys if not graph.get_check_spec(key).blocking} == warnings | {"all_checks"}


def test_every_check_of_a_contract_links_the_page_of_its_result(trained: Place) -> None:
    key = dg.AssetCheckKey(dg.AssetKey(["flights", "raw_flights"]), "column_distance")
    (record,) = trained.instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    evaluation = record.event.dagster_event.asset_check_evaluation_data
    link = evaluation.metadata["report"].value
    assert link.endswith("/flights/contract_flights/2013-01.html")
    page = read_report(trained.stores, "flights", "contract_flights", "2013-01")
    assert "31 of 31 rules hold" in page
    assert "distance" in page
