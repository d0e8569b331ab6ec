"""Retraining looks at the report on the newest partition, if it is about new data and the present champion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.newest_report import newest_report, passed_over
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores
from ml_platform_tests.quick import quick_model
from ml_platform_tests.small_models import write_model

NOW = datetime(2013, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def flights() -> Model:
    return quick_model()


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(Installation(tmp_path, f"sqlite:///{tmp_path}/mlflow.db"))


def write(stores: Stores, model: Model, partition: str | None, version: str = "1") -> str:
    document = {"model_version": version, "partition": partition}
    return stores.documents.write(model.artifact("drift", partition), document).version


def promote(stores: Stores, model: Model, version: str, partition: str | None) -> None:
    before = stores.ledger(model.name).champion()
    entry = LedgerEntry(NOW, model.name, partition, "promoted", version, "mlflow", "0")
    stores.ledger(model.name).promote(entry, expected_champion=before.version if before else None)


def test_without_any_report_there_is_none(stores: Stores, flights: Model) -> None:
    assert newest_report(flights, stores) is None


def test_the_report_is_that_of_the_newest_partition_whichever_was_written_last(stores: Stores, flights: Model) -> None:
    version = write(stores, flights, "2013-04")
    write(stores, flights, "2013-02")
    found = newest_report(flights, stores)
    assert found is not None
    assert (found.partition, found.version, found.scored) == ("2013-04", version, "2013-04")
    assert abs(datetime.now(tz=UTC) - found.stored_at.astimezone(UTC)) < timedelta(minutes=5)


def test_a_whole_table_has_one_report(stores: Stores, tmp_path: Path) -> None:
    folder = write_model("tumours", tmp_path / "defs")
    model = Model.load(load_spec(folder), folder)
    assert newest_report(model, stores) is None
    write(stores, model, None)
    found = newest_report(model, stores)
    assert found is not None
    assert (found.partition, found.scored) == (None, "the whole table")
    promote(stores, model, "1", None)
    assert passed_over(model, stores, found) is None


@pytest.mark.parametrize(
    ("trained_as_of", "reason"),
    [
        ("2013-03", None),
        ("2013-04", "Drift on 2013-04 triggers nothing: version 1 was trained on data up to 2013-04."),
        ("2013-05", "Drift on 2013-04 triggers nothing: version 1 was trained on data up to 2013-05."),
    ],
)
def test_only_a_partition_after_the_champions_own_data_counts(
    stores: Stores, flights: Model, trained_as_of: str, reason: str | None
) -> None:
    write(stores, flights, "2013-04")
    promote(stores, flights, "1", trained_as_of)
    report = newest_report(flights, stores)
    assert report is not None
    assert passed_over(flights, stores, report) == reason


def test_a_report_about_a_former_champion_is_passed_over(stores: Stores, flights: Model) -> None:
    write(stores, flights, "2013-04", version="1")
    report = newest_report(flights, stores)
    assert report is not None
    assert passed_over(flights, stores, report) is None, "nobody is champion, so nobody else is"
    promote(stores, flights, "2", "2013-01")
    assert passed_over(flights, stores, report) == (
        "The report on 2013-04 is about version 1; version 2 is champion now."
    )
