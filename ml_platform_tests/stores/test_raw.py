import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.raw import RawStore


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    """Two recorded partitions of `trips`, and the untracked table `places`."""
    store = RawStore(tmp_path / "data" / "raw", tmp_path / "dvc.lock")
    for table, partition in (("trips", "2013-02"), ("trips", "2013-01"), ("places", None)):
        path = store.path(table, partition)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = pa.table({"id": list(range(500)), "name": [None, "a"] * 250})
        pq.write_table(rows, path, write_page_checksum=True)
    record(store, {"trips": ["2013-01", "2013-02"]})
    return store


def record(store: RawStore, tables: dict[str, list[str]]) -> None:
    outs = [
        {"path": f"data/raw/{table}/{key}.parquet", "hash": "md5", "md5": store.hash(table, key)}
        for table, keys in tables.items()
        for key in keys
    ]
    store.lock_file.write_text(yaml.safe_dump({"schema": "2.0", "stages": {"fetch": {"outs": outs}}}))


def flip_bit(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_a_recorded_file_is_verified_and_an_untracked_one_is_said_to_be_untracked(store: RawStore) -> None:
    assert store.verify("trips", "2013-01").tracked
    assert not store.verify("places", None).tracked
    assert store.verify("trips", "2013-01").md5 == store.hash("trips", "2013-01")


def test_a_changed_file_is_refused_with_both_hashes_and_the_repair(store: RawStore) -> None:
    expected = store.hash("trips", "2013-01")
    flip_bit(store.path("trips", "2013-01"), 40)
    with pytest.raises(DataError) as error:
        store.verify("trips", "2013-01")
    for part in ("trips/2013-01.parquet", expected, store.hash("trips", "2013-01"), "make fetch"):
        assert part in str(error.value)


def test_a_change_of_the_lock_file_is_noticed(store: RawStore) -> None:
    store.verify("trips", "2013-01")
    pd.DataFrame({"id": [1]}).to_parquet(store.path("trips", "2013-01"))
    record(store, {"trips": ["2013-01"]})
    os.utime(store.lock_file, ns=(1, 1))  # even into the past
    assert store.verify("trips", "2013-01").tracked


def test_a_missing_file_names_the_partitions_that_exist_and_the_command(store: RawStore) -> None:
    for call in (store.read, store.hash, store.verify):
        with pytest.raises(NotStored, match=r"2013-03\.parquet does not exist.*2013-01, 2013-02\. Run: make fetch"):
            call("trips", "2013-03")
    assert store.partitions("trips") == ["2013-01", "2013-02"]
    assert store.partitions("unknown") == []


def test_a_truncated_file_is_refused_with_its_size(store: RawStore) -> None:
    path = store.path("trips", "2013-02")
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(DataError, match=r"2013-02\.parquet \(700 bytes\) cannot be read.*make fetch"):
        store.read("trips", "2013-02")


def test_no_flipped_bit_is_read_back_silently(store: RawStore) -> None:
    path = store.path("trips", "2013-02")
    intact, before = path.read_bytes(), store.read("trips", "2013-02")
    for position in range(0, len(intact), 37):
        flip_bit(path, position)
        try:
            after = store.read("trips", "2013-02")
        except DataError:
            after = before
        pd.testing.assert_frame_equal(before, after)
        path.write_bytes(intact)
