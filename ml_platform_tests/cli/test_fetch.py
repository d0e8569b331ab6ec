"""Files that are as recorded stay; others are made again, byte for byte, or nothing is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from ml_platform.cli import fetch
from ml_platform.cli.raw_tables import DATA_SETS, DataSet, RawTable
from ml_platform.cli.sources import Package
from ml_platform.errors import DataError
from ml_platform.stores.raw import RawStore

FILES = (("places", None), ("trips", "2013-01"))


def tables(archive: bytes) -> Iterator[RawTable]:
    for table, partition in FILES:
        yield RawTable(table, partition, pa.table({"id": list(archive)}))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RawStore:
    """A store with nothing in it, and a data set `small` whose package holds the bytes 1 2 3."""
    monkeypatch.setitem(DATA_SETS, "small", DataSet(Package("small", "1", ""), FILES, tables))
    deliver(b"\1\2\3", monkeypatch)
    return RawStore((tmp_path / "data" / "raw").as_uri(), tmp_path / "dvc.lock")


def deliver(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "download", lambda package: content)


def record(store: RawStore) -> None:
    """Write the lock file that `dvc commit` would write."""
    outs = [{"path": str(store.path(*file)), "md5": store.hash(*file)} for file in FILES]
    store.lock_file.write_text(yaml.safe_dump({"stages": {"fetch_small": {"outs": outs}}}))


def contents(store: RawStore) -> list[bytes]:
    return [store.path(*file).read_bytes() for file in FILES]


def test_files_that_are_as_recorded_are_not_downloaded_again(store: RawStore, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch.fetch_data_set("small", store)
    record(store)
    monkeypatch.setattr(fetch, "download", lambda package: pytest.fail("downloaded"))
    fetch.fetch_data_set("small", store)


def test_a_damaged_or_missing_file_is_fetched_again_with_the_same_bytes(store: RawStore) -> None:
    fetch.fetch_data_set("small", store)
    record(store)
    before = contents(store)
    store.path("places", None).write_bytes(b"damaged")
    store.path("trips", "2013-01").unlink()
    fetch.fetch_data_set("small", store)
    assert contents(store) == before


def test_other_content_than_recorded_is_refused_and_nothing_is_replaced(
    store: RawStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch.fetch_data_set("small", store)
    record(store)
    recorded = store.hash("places", None)
    store.path("places", None).unlink()
    deliver(b"\1\2\4", monkeypatch)
    with pytest.raises(DataError, match=rf"places\.parquet: MD5 [0-9a-f]+, recorded {recorded}(.|\n)*--accept"):
        fetch.fetch_data_set("small", store)
    assert not store.path("places", None).exists()
    fetch.fetch_data_set("small", store, accept=True)
    assert store.load("places", None, verify=False).column("id").to_pylist() == [1, 2, 4]
