"""A run makes the earlier partitions that it needs, with their checks, and names what it cannot make."""

from __future__ import annotations

import dagster as dg
import pandas as pd

from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place

FEATURES = dg.AssetKey(["flights", "features"])
SHARE = dg.AssetCheckKey(dg.AssetKey(["flights", "raw_flights"]), "quarantine_share")
SUMMARY = dg.AssetCheckKey(dg.AssetKey(["flights", "raw_flights"]), "all_checks")
CONTRACT = dg.AssetCheckKey(dg.AssetKey(["flights", "raw_flights"]), "column_origin")


def made(place: Place, run_id: str) -> list[tuple[str, str | None]]:
    """Return the asset and partition of each materialization of a run, in order."""
    logs = place.instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    events = [entry.get_dagster_event() for entry in logs]
    return [(event.asset_key.path[-1], event.partition) for event in events if event.asset_key is not None]


def evaluated(place: Place, run_id: str, check: dg.AssetCheckKey) -> dict[str | None, bool]:
    """Return whether a check passed in a run, by partition."""
    logs = place.instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [entry.get_dagster_event().asset_check_evaluation_data for entry in logs]
    return {one.partition: one.passed for one in evaluations if one.asset_check_key == check}


def test_a_training_run_makes_the_missing_partition_of_its_window_and_no_other(quick: Place) -> None:
    quick.deliver("2013-02", "2013-03")
    outcome = quick.run("flights_train", "2013-03")
    assert outcome.success, outcome.problems
    found = made(quick, outcome.run_id)
    of_february = [asset for asset, partition in found if partition == "2013-02"]
    assert of_february == ["raw_flights", "valid_flights", "quarantine_flights", "features", "labels"]
    assert not [asset for asset, partition in found if partition == "2013-01"]
    assert found.index(("features", "2013-02")) < found.index(("training_set", "2013-03"))
    record = quick.instance.get_latest_data_version_record(FEATURES, partition_key="2013-02")
    assert record is not None
    assert record.asset_materialization is not None
    assert record.asset_materialization.metadata["dagster/row_count"].value == 24_951
    assert evaluated(quick, outcome.run_id, CONTRACT) == {"2013-02": True, "2013-03": True}
    assert evaluated(quick, outcome.run_id, SUMMARY) == {"2013-02": True, "2013-03": True}
    again = quick.run("flights_train", "2013-03")
    assert {partition for _, partition in made(quick, again.run_id)} == {"2013-03", None}


def test_an_earlier_partition_that_breaks_its_contract_stops_the_run_and_is_named(quick: Place) -> None:
    quick.deliver("2013-02", "2013-03")
    file = quick.raw("flights/2013-02.parquet")
    pd.read_parquet(file).assign(origin="XXX").to_parquet(file)
    outcome = quick.run("flights_train", "2013-03")
    assert not outcome.success
    said = "\n".join(outcome.problems)
    assert "Partition 2013-02 is needed, and breaks:" in said
    assert "flights/raw_flights quarantine_share" in said
    assert evaluated(quick, outcome.run_id, SHARE) == {"2013-02": False, "2013-03": True}
    assert evaluated(quick, outcome.run_id, SUMMARY) == {"2013-02": False, "2013-03": True}
    assert quick.stores.tables.manifest(ArtifactKey("flights", "training_set", "2013-03")) is None


def test_an_earlier_partition_without_a_raw_file_is_named(quick: Place) -> None:
    quick.deliver("2013-03")
    outcome = quick.run("flights_train", "2013-03")
    assert not outcome.success
    said = "\n".join(outcome.problems)
    assert "2013-02" in said
    assert "does not exist" in said


def test_features_fill_only_what_their_rolling_aggregates_read(quick: Place) -> None:
    quick.deliver("2013-02", "2013-03")
    outcome = quick.run("flights_ingest", "2013-03")
    assert outcome.success, outcome.problems
    found = made(quick, outcome.run_id)
    of_february = [asset for asset, partition in found if partition == "2013-02"]
    assert of_february == ["raw_flights", "valid_flights", "quarantine_flights"]
