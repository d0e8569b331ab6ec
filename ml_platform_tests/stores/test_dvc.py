"""What DVC records of a file is read without DVC, and is what DVC itself says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ml_platform.stores.dvc import md5_of, recorded_md5, tracked_files

FILE, IN_FOLDER = Path("data/raw/places.parquet"), Path("data/raw/trips/2013-01.parquet")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for file in (FILE, IN_FOLDER):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(str(file))
    return tmp_path


def dvc(project: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dvc", *arguments, "--quiet"], cwd=project, check=True)


def write_lock(project: Path, md5: str) -> Path:
    lock = project / "dvc.lock"
    lock.write_text(yaml.safe_dump({"stages": {"fetch": {"outs": [{"path": str(FILE), "md5": md5}]}}}))
    return lock


@pytest.mark.processes
def test_what_dvc_add_records_is_known_for_a_file_and_for_a_folder(project: Path) -> None:
    lock = project / "dvc.lock"
    assert recorded_md5(project / FILE, lock) is None
    dvc(project, "init", "--no-scm")
    dvc(project, "add", str(FILE), str(IN_FOLDER.parent))
    for file in (FILE, IN_FOLDER):
        assert recorded_md5(project / file, lock) == md5_of(project / file)
    assert recorded_md5(project / IN_FOLDER.parent / "2013-02.parquet", lock) is None
    assert {one.path: one.md5 for one in tracked_files(project)} == {
        project / file: recorded_md5(project / file, lock) for file in (FILE, IN_FOLDER)
    }


def test_a_file_that_dvc_has_linked_to_its_cache_is_tracked(project: Path) -> None:
    lock = write_lock(project, "a" * 32)
    cached = (project / FILE).rename(project / "cached")
    (project / FILE).symlink_to(cached)
    assert recorded_md5(project / FILE, lock) == "a" * 32


def test_a_data_folder_that_is_a_link_is_followed(project: Path) -> None:
    lock = write_lock(project, "a" * 32)
    (project / "data").rename(project / "elsewhere")
    (project / "data").symlink_to(project / "elsewhere")
    for path in (project / FILE, project / "elsewhere" / FILE.relative_to("data")):
        assert recorded_md5(path, lock) == "a" * 32


def test_a_change_of_the_lock_file_is_noticed_even_into_the_past(project: Path) -> None:
    lock = write_lock(project, "a" * 32)
    assert recorded_md5(project / FILE, lock) == "a" * 32
    write_lock(project, "b" * 32)
    os.utime(lock, ns=(1, 1))
    assert recorded_md5(project / FILE, lock) == "b" * 32
