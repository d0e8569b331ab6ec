"""A reader of a file sees the old content or the new; a lock is held by one process, and by none when it dies."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from operator import methodcaller
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.stores.files import digest, locked, to_json, write_atomically


def test_a_file_is_replaced_and_its_folder_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file.json"
    for content in (b"old", b"new"):
        write_atomically(file, methodcaller("write", content))
        assert file.read_bytes() == content
    assert [path.name for path in file.parent.iterdir()] == ["file.json"]


def test_a_writer_that_fails_half_way_leaves_the_old_content_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    write_atomically(file, methodcaller("write", b"old"))

    def fail(handle: IO[bytes]) -> None:
        handle.write(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_atomically(file, fail)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]


HOLD = """
import sys, time
from pathlib import Path
from ml_platform.stores.files import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.processes
def test_a_lock_is_held_by_one_process_and_released_when_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "data.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with path.open("a") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.kill(holder.pid, signal.SIGKILL)
    started = time.monotonic()
    with locked(path):
        assert time.monotonic() - started < 30
    holder.communicate()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), values, max_size=5))
@settings(max_examples=300, deadline=None)
def test_a_document_has_one_json_in_whatever_order_it_was_built(document: dict[str, object]) -> None:
    assert to_json(document) == to_json(dict(reversed(document.items())))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_does_not_know_is_rejected(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"score": number})


def test_the_digest_is_sha256() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
