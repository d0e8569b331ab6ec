"""A job's missing raw files are known before it runs: those of its partitions, its window and its lookback."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.pipeline.missing import missing_files
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.quick import FLIGHTS

WHOLE = [("weather", None), ("planes", None)]


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores(Installation(tmp_path, "sqlite://"))


@pytest.mark.parametrize(
    ("verb", "partition", "months"),
    [
        ("score", "2013-01", ["2013-01"]),
        ("ingest", "2013-05", ["2013-04", "2013-05"]),  # aggregates over 28 days
        ("train", "2013-06", ["2013-03", "2013-04", "2013-05", "2013-06"]),  # a window of three
    ],
)
def test_without_any_file_all_that_the_verb_reads_are_missing(
    stores: Stores, verb: str, partition: str, months: list[str]
) -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    assert missing_files(model, stores, verb, partition) == [*(("flights", month) for month in months), *WHOLE]


def test_files_that_exist_are_not_missing(stores: Stores, tmp_path: Path) -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    for name in ("flights/2013-01.parquet", "weather.parquet", "planes.parquet"):
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / name).touch()
    assert missing_files(model, stores, "score", "2013-01") == []
