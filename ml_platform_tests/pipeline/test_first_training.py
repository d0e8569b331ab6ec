"""The first model is trained on the newest data that suffice for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ml_platform.pipeline.first_training import first_training
from ml_platform.pipeline.freshness import reference_versions
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.quick import quick_model
from ml_platform_tests.small_models import write_model

NOW = datetime(2014, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def flights() -> Model:
    return quick_model()


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(Installation(tmp_path, f"sqlite:///{tmp_path}/mlflow.db"))


def write_files(stores: Stores, *names: str) -> None:
    for name in names:
        file = stores.installation.raw / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())


def months(*numbers: int) -> list[str]:
    return [f"flights/2013-{number:02}" for number in numbers]


def break_contract(model: Model, stores: Stores, partition: str) -> None:
    """Store what a run has found: the partition's files break a contract."""
    for table in model.spec.tables:
        artifact = model.table_artifact("validation", table, partition)
        inputs = {
            "raw": stores.raw.hash(table, artifact.partition),
            "contract": model.contract_version(table),
            **reference_versions(model, stores, table, partition),
        }
        stores.documents.write(artifact, {"passed": table != "flights"}, inputs=inputs)


@pytest.mark.parametrize(
    ("there", "partition"),
    [
        ((1,), "2013-01"),
        ((1, 2, 3, 4, 5), "2013-05"),
        ((9, 10, 11, 12), "2013-12"),
        ((10, 11, 12), None),
        ((1, 2, 12), "2013-02"),
        ((), None),
    ],
)
def test_the_newest_partition_whose_window_and_lookback_have_files(
    stores: Stores, flights: Model, there: tuple[int, ...], partition: str | None
) -> None:
    write_files(stores, "weather", "planes", *months(*there))
    found = first_training(flights, stores, NOW)
    assert (found.partition if found else None) == partition


def test_a_month_that_is_not_over_waits(stores: Stores, flights: Model) -> None:
    write_files(stores, "weather", "planes", *months(1, 2))
    found = first_training(flights, stores, datetime(2013, 2, 20, tzinfo=UTC))
    assert found is not None
    assert found.partition == "2013-01"


def test_a_partition_that_breaks_its_contract_is_left_out_and_its_repair_is_another_state(
    stores: Stores, flights: Model
) -> None:
    write_files(stores, "weather", "planes", *months(1, 2))
    before = first_training(flights, stores, NOW)
    break_contract(flights, stores, "2013-02")
    without = first_training(flights, stores, NOW)
    write_files(stores, *months(2))
    (stores.installation.raw / "flights" / "2013-02.parquet").write_bytes(b"repaired")
    repaired = first_training(flights, Stores(stores.installation), NOW)
    assert before is not None
    assert without is not None
    assert repaired is not None
    assert [before.partition, without.partition, repaired.partition] == ["2013-02", "2013-01", "2013-02"]
    assert before.state != repaired.state


def test_a_whole_table_needs_its_file(stores: Stores, tmp_path: Path) -> None:
    folder = write_model("tumours", tmp_path / "defs")
    model = Model.load(load_spec(folder), folder)
    assert first_training(model, stores, NOW) is None
    write_files(stores, "tumours")
    found = first_training(model, stores, NOW)
    assert found is not None
    assert found.partition is None
