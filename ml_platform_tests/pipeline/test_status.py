"""The status of a model is what is stored: ledger, drift report, stale and new partitions, missing files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.status import model_status
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

NOW = datetime(2014, 2, 1, tzinfo=UTC)


def test_of_a_model_in_production_champion_drift_and_decision_are_known(loop: Loop) -> None:
    status = model_status(loop.model, loop.stores, NOW)
    assert status.champion is not None
    assert status.last_decision is not None
    assert status.drift is not None
    assert (status.champion.version, status.champion.partition) == ("1", None)
    assert status.champion.reasons[0].startswith("beats_baseline passed")
    assert status.last_decision.promoted
    assert status.last_decision.at == status.champion.since
    assert (status.last_scored, status.drift.level, status.drift.n_columns) == ("whole", "ok", {"ok": 11})
    values = list(status.drift.largest.values())
    assert len(values) == 5
    assert values == sorted(values, reverse=True)
    assert (status.stale, status.new, status.missing) == ((), (), ())


def test_a_new_file_and_a_changed_one_are_told_apart(place: Place) -> None:
    place.deliver("2013-02")
    january = place.raw("flights/2013-01.parquet")
    january.write_bytes(january.read_bytes() + b" ")
    status = model_status(Model.load(load_spec(FLIGHTS), FLIGHTS), place.stores, NOW)
    assert status.champion is None
    assert [one.partition for one in status.new] == ["2013-02"]
    assert [(one.partition, one.reasons) for one in status.stale] == [
        ("2013-01", ("2013-01.parquet of flights has changed",))
    ]


def test_without_raw_files_these_are_missing_and_nothing_fails(tmp_path: Path) -> None:
    status = model_status(Model.load(load_spec(FLIGHTS), FLIGHTS), Stores(Installation(tmp_path, "sqlite://")), NOW)
    assert status.missing == (("flights", None),)
    assert (status.champion, status.drift, status.last_decision, status.newest_raw) == (None, None, None, None)
