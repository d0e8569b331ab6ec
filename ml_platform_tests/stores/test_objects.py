from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml_platform.errors import StoreUnavailable
from ml_platform.stores.objects import STAGING, ObjectStore


@pytest.fixture
def objects(store_url: str) -> ObjectStore:
    return ObjectStore(store_url)


def test_an_object_is_read_as_it_was_written_last(objects: ObjectStore) -> None:
    assert objects.get("tables/a b/ü%41.parquet") is None
    objects.put("tables/a b/ü%41.parquet", b"old")
    objects.put("tables/a b/ü%41.parquet", b"new")
    assert objects.get("tables/a b/ü%41.parquet") == b"new"
    assert objects.head("tables/a b/ü%41.parquet") is not None
    assert objects.head("tables/a b") is None


def test_objects_are_listed_by_the_segments_of_their_keys(objects: ObjectStore) -> None:
    for key in ("a/2", "a/1/x", "ab/3", "b"):
        objects.put(key, key.encode())
    assert [(one.key, one.n_bytes) for one in objects.list("a")] == [("a/1/x", 5), ("a/2", 3)]
    assert [one.key for one in objects.list()] == ["a/1/x", "a/2", "ab/3", "b"]
    assert list(objects.list("nothing")) == []
    assert list(objects.list("a/2")) == []


def test_the_tag_of_an_object_changes_with_its_content(objects: ObjectStore) -> None:
    objects.put("a", b"1")
    before = objects.head("a")
    objects.put("a", b"2")
    after = objects.head("a")
    assert before is not None
    assert after is not None
    assert before.etag != after.etag
    assert objects.head("b") is None


def test_a_removed_object_is_gone_and_is_removed_again_without_an_error(objects: ObjectStore) -> None:
    objects.put("a", b"1")
    objects.delete("a")
    objects.delete("a")
    assert objects.get("a") is None


def test_a_local_object_is_a_plain_file_at_its_key(tmp_path: Path) -> None:
    objects = ObjectStore((tmp_path / "ü #1 %41").as_uri())
    objects.put("reports/a.html", b"<p>")
    path = objects.local_path("reports/a.html")
    assert path == tmp_path / "ü #1 %41" / "reports" / "a.html"
    assert path is not None
    assert path.read_bytes() == b"<p>"
    assert ObjectStore("s3://bucket/prefix").local_path("a") is None


def test_an_object_of_a_bucket_is_named_by_its_url() -> None:
    assert ObjectStore("s3://bucket/prefix/").where("a/b") == "s3://bucket/prefix/a/b"


WRITE = """
import sys
from ml_platform.stores.objects import ObjectStore
objects = ObjectStore(sys.argv[1])
objects.put("k", b"0" * 3_000_000)
print("started", flush=True)
while True:
    for digit in b"123456789":
        objects.put("k", bytes([digit]) * 3_000_000)
"""


def test_a_killed_writer_leaves_one_whole_content_and_no_file_for_ever(store_url: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITE, store_url], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        for _ in range(30):
            content = ObjectStore(store_url).get("k")
            assert content is not None
            assert len(set(content)) == 1
            assert len(content) == 3_000_000
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    objects = ObjectStore(store_url)
    assert len(set(objects.get("k") or b"")) == 1
    assert [one.key for one in objects.list()] == ["k"]
    if objects.folder is not None:
        (objects.folder / STAGING / "left").write_bytes(b"half")
        for file in (objects.folder / STAGING).iterdir():
            os.utime(file, (time.time() - 4000, time.time() - 4000))
        (objects.folder / STAGING / "in use").write_bytes(b"half")
        ObjectStore(store_url).put("other", b"")
        assert [file.name for file in (objects.folder / STAGING).iterdir()] == ["in use"]


def test_a_store_that_is_not_there_is_named(tmp_path: Path, s3: str) -> None:
    with pytest.raises(StoreUnavailable, match="s3://no-such-bucket/a/b: "):
        ObjectStore("s3://no-such-bucket/a").put("b", b"")
    with pytest.raises(StoreUnavailable, match="ftp://host/a/b: "):
        ObjectStore("ftp://host/a").put("b", b"")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="file/objects/b: "):
        ObjectStore((tmp_path / "file" / "objects").as_uri()).put("b", b"")
