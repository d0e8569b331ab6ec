import io
import os
import time
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ml_platform.errors import DataError, NotStored
from ml_platform.stores import raw
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.raw import RawStore
from ml_platform_tests.place import Place


@pytest.fixture
def store(tmp_path: Path) -> RawStore:
    """Two recorded partitions of `trips`, and the untracked table `places`."""
    store = RawStore((tmp_path / "data" / "raw").as_uri(), tmp_path / "dvc.lock")
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


def settle(path: Path) -> None:
    """Let a file's last change be a while ago."""
    earlier = time.time() - 60
    os.utime(path, (earlier, earlier))


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The local files that are hashed, each time one is."""
    files: list[Path] = []

    def counted(path: Path) -> str:
        files.append(path)
        return intact(path)

    intact = raw.md5_of
    monkeypatch.setattr(raw, "md5_of", counted)
    return files


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
    for file in (("trips", "2013-02"), ("places", None)):
        store.path(*file).write_bytes(store.path(*file).read_bytes()[:700])
    with pytest.raises(DataError, match=r"2013-02\.parquet \(700 bytes\) is not the file that DVC.*make fetch"):
        store.read("trips", "2013-02")
    with pytest.raises(DataError, match=r"places\.parquet \(700 bytes\) cannot be read.*intact copy"):
        store.read("places", None)


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


def test_a_file_is_hashed_once_until_it_changes(store: RawStore, hashed: list[Path]) -> None:
    path = store.path("trips", "2013-01")
    settle(path)
    before = store.hash("trips", "2013-01")
    store.verify("trips", "2013-01")
    store.read("trips", "2013-01")
    store.scan("trips", "2013-01").collect()
    assert hashed == [path]
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)  # the same file with the same size
    assert store.hash("trips", "2013-01") != before
    assert hashed == [path] * 2


def test_a_file_that_was_written_just_now_is_hashed_again(store: RawStore) -> None:
    """Within the clock's tick it may be written twice with the same size and time."""
    path = store.path("trips", "2013-01")
    at = path.stat().st_mtime_ns
    before = store.hash("trips", "2013-01")
    flip_bit(path, 40)
    os.utime(path, ns=(at, at))
    assert store.hash("trips", "2013-01") != before


@pytest.mark.parametrize("call", ["read", "load", "scan"])
def test_a_file_that_is_not_the_recorded_one_is_not_read(store: RawStore, call: str) -> None:
    pd.DataFrame({"id": [1], "name": ["b"]}).to_parquet(store.path("trips", "2013-01"))
    with pytest.raises(DataError, match=r"trips/2013-01\.parquet .* is not the file that DVC recorded"):
        getattr(store, call)("trips", "2013-01")
    assert store.load("trips", "2013-01", verify=False).num_rows == 1


def test_dvc_is_not_advised_for_a_file_that_it_does_not_track(store: RawStore) -> None:
    store.path("places", None).write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"places\.parquet \(7 bytes\) cannot be read: (.|\n)*Replace it") as error:
        store.read("places", None)
    assert "dvc commit" not in str(error.value)
    assert "make fetch" not in str(error.value)


ROWS = pd.DataFrame({"id": [1, 2], "name": ["a", None]})


@pytest.fixture
def anywhere(store_url: str, tmp_path: Path) -> RawStore:
    """Two partitions of `trips` in a folder and in a bucket."""
    objects, content = ObjectStore(store_url), io.BytesIO()
    pq.write_table(pa.Table.from_pandas(ROWS), content, write_page_checksum=True)
    for key in ("trips/2013-02.parquet", "trips/2013-01.parquet", "trips/old/2012-01.parquet", "trips/notes.txt"):
        objects.put(key, content.getvalue())
    return RawStore(store_url, tmp_path / "dvc.lock")


def test_a_folder_and_a_bucket_are_read_alike(anywhere: RawStore) -> None:
    assert anywhere.partitions("trips") == ["2013-01", "2013-02"]
    assert anywhere.partitions("trip") == []
    found = anywhere.verify("trips", "2013-01")
    assert (found.where, found.tracked) == (anywhere.where("trips", "2013-01"), False)
    assert found.md5 == anywhere.hash("trips", "2013-02")
    pd.testing.assert_frame_equal(anywhere.read("trips", "2013-01"), ROWS)
    assert anywhere.scan("trips", "2013-01").select(pl.col("id").sum()).collect().item() == 3
    with pytest.raises(NotStored, match=r"trips/2013-03\.parquet does not exist.*2013-01, 2013-02"):
        anywhere.read("trips", "2013-03")


def test_a_changed_object_has_another_hash_and_a_damaged_one_is_named(anywhere: RawStore) -> None:
    before = anywhere.hash("trips", "2013-01")
    anywhere.objects.put("trips/2013-01.parquet", b"damaged")
    assert anywhere.hash("trips", "2013-01") != before
    for call in (anywhere.read, anywhere.scan):
        with pytest.raises(DataError, match=r"trips/2013-01\.parquet \(7 bytes\) cannot be read.*Replace it"):
            call("trips", "2013-01")


def test_an_object_is_downloaded_once_to_be_hashed(anywhere: RawStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "SETTLED", -raw.SETTLED)  # or the test would wait
    hashes = {anywhere.hash("trips", "2013-01") for _ in range(3)}
    another = RawStore(anywhere.url, anywhere.lock_file) if anywhere.objects.folder is None else anywhere
    monkeypatch.setattr(another.objects, "get", lambda key: pytest.fail(f"{key} is read again"))
    assert hashes == {another.hash("trips", "2013-01")}


def test_a_command_that_writes_files_refuses_a_bucket(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"s3://bucket/raw/trips\.parquet is no local file\. Unset ML_PLATFORM_RAW_URL"):
        RawStore("s3://bucket/raw", tmp_path).path("trips", None)


def test_a_run_hashes_each_file_once(place: Place, hashed: list[Path]) -> None:
    files = [place.raw(name) for name in ("flights/2013-01.parquet", "weather.parquet", "planes.parquet")]
    for file in files:
        settle(file)
    assert place.run("flights_ingest", "2013-01").success
    assert sorted(hashed) == sorted(files)


def test_the_index_of_a_filtered_frame_is_no_data(store: RawStore) -> None:
    """Plain pandas writes it as a column; integers beside missing values must still find their rows."""
    rows = pd.DataFrame({"id": pd.array([1, None, 3], "Int64"), "name": ["a", "b", "c"]}).drop(index=0)
    rows.to_parquet(store.path("places", None))
    read = store.read("places", None)
    assert (list(read), read["id"].isna().tolist(), read["id"][1]) == (["id", "name"], [True, False], 3)
    assert store.scan("places", None).collect().columns == ["id", "name"]


def test_what_is_written_is_read_in_a_folder_and_in_a_bucket(anywhere: RawStore) -> None:
    rows = pa.table({"x": [1, 2]})
    for partition in ("2013-01", None):
        anywhere.write("written", partition, rows)
        assert anywhere.load("written", partition).equals(rows)
