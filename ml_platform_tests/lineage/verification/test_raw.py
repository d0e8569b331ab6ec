"""In a real DVC project, a flipped bit is found where `dvc status` does not look, and the advice mends it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from dvc.repo import Repo

from ml_platform.lineage.verification.difference import Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.lineage.verification.test_verify import flip
from ml_platform_tests.place import RAW

PLANES = Path("data/raw/planes.parquet")
FOLDER = Path("data/raw/flights")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Repo]:
    """Two files tracked by DVC, one of them as part of a folder."""
    (tmp_path / FOLDER).mkdir(parents=True)
    shutil.copy(RAW / "planes.parquet", tmp_path / PLANES)
    shutil.copy(RAW / "planes.parquet", tmp_path / FOLDER / "2013-01.parquet")
    with (tmp_path / FOLDER / "2013-01.parquet").open("ab") as file:
        file.write(b"different")
    with Repo.init(str(tmp_path), no_scm=True) as repo:
        with repo.config.edit() as config:
            config["cache"]["type"] = "copy"
            config["core"]["analytics"] = False
        repo.add([str(tmp_path / PLANES), str(tmp_path / FOLDER)])
        yield repo


def verify(repo: Repo) -> list[Difference]:
    root = Path(repo.root_dir)
    found = checks(Stores(Installation(root / "data", f"sqlite:///{root / 'mlflow.db'}")))
    return [difference for check in found for difference in check.differences()]


def cached(repo: Repo, file: Path) -> Path:
    import hashlib

    md5 = hashlib.md5((Path(repo.root_dir) / file).read_bytes(), usedforsecurity=False).hexdigest()
    return Path(repo.cache.local.oid_to_path(md5))


@pytest.mark.parametrize("file", [PLANES, FOLDER / "2013-01.parquet"])
def test_a_damaged_cache_that_dvc_calls_up_to_date_is_found_and_the_advice_mends_it(project: Repo, file: Path) -> None:
    assert verify(project) == []
    copy = cached(project, file)
    copy.chmod(0o644)
    flip(copy)
    copy.chmod(0o444)  # DVC trusts what nobody may write
    assert project.status() == {}
    (found,) = verify(project)
    assert (found.what, found.recorded) == (str(copy), f"MD5 {copy.parent.name}{copy.name}")
    assert found.dependents == (str(Path(project.root_dir) / file),)
    assert f"rm -f {copy}" in found.run
    copy.unlink()
    assert verify(project) == []


@pytest.mark.parametrize("file", [PLANES, FOLDER / "2013-01.parquet"])
def test_a_damaged_or_missing_file_is_found(project: Repo, file: Path) -> None:
    path = Path(project.root_dir) / file
    flip(path)
    (found,) = verify(project)
    assert (found.what, found.recorded[:4]) == (str(path), "MD5 ")
    path.unlink()
    (found,) = verify(project)
    assert found.found == "MD5 missing"
    assert "make fetch" in found.run
