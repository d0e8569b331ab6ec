"""**Materialize all** on any partition works on fresh data, or says in one sentence what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.cheap_flights import deliver, write_cheap_flights, write_joined_tables
from ml_platform_tests.place import Place
from ml_platform_tests.small_models import small_definitions

MONTHS = ("2013-09", "2013-10", "2013-11", "2013-12")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An installation that has raw files and nothing else."""
    folder = tmp_path_factory.mktemp("fresh")
    write_joined_tables(folder / "raw")
    for month in MONTHS:
        deliver(folder / "raw", month)
    with Place.open(folder, small_definitions(write_cheap_flights(folder / "defs"))) as place:
        yield place


def materialize_all(place: Place, partition: str) -> dg.ExecuteInProcessResult:
    """Run what Dagster's UI runs: its job of all assets, on those of the group."""
    graph = place.definitions.resolve_asset_graph()
    keys = [key for key in graph.get_all_asset_keys() if graph.get(key).group_name == "flights"]
    job = place.definitions.resolve_implicit_global_asset_job_def()
    with place.environment():
        return job.execute_in_process(
            instance=place.instance, partition_key=partition, asset_selection=keys, raise_on_error=False
        )


def failures(result: dg.ExecuteInProcessResult) -> list[str]:
    return [str(event.step_failure_data.user_failure_data.description) for event in result.get_step_failure_events()]


def test_the_latest_partition_works_on_fresh_data(fresh: Place) -> None:
    result = materialize_all(fresh, MONTHS[-1])
    assert result.success, [event.message for event in result.get_step_failure_events()]
    assert fresh.stores.ledger("flights").champion()
    for asset in ("predictions", "features"):
        assert fresh.stores.tables.require(ArtifactKey("flights", asset, MONTHS[-1])).n_rows
    assert fresh.stores.documents.require(ArtifactKey("flights", "drift", MONTHS[-1]))


def test_an_older_partition_than_the_champions_works_and_leaves_it(fresh: Place) -> None:
    champion = fresh.stores.ledger("flights").champion()
    assert materialize_all(fresh, MONTHS[-2]).success
    assert fresh.stores.ledger("flights").champion() == champion
    assert fresh.stores.tables.require(ArtifactKey("flights", "predictions", MONTHS[-2])).n_rows


def test_a_partition_whose_window_has_no_files_says_which_and_what_to_do(fresh: Place) -> None:
    result = materialize_all(fresh, MONTHS[0])
    assert not result.success
    (said,) = failures(result)
    assert "2013-07.parquet does not exist; partitions of 'flights' that do: 2013-09, 2013-10" in said
    assert "make fetch" in said
