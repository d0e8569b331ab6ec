"""The recorded code is a commit that is really the code's, and says when files differed from it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ml_platform.stores.git import GIT_COMMIT, git_commit, platform_code

pytestmark = pytest.mark.processes


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a package that is checked out, and one that was only installed into it."""
    monkeypatch.delenv(GIT_COMMIT, raising=False)
    for name in ("ours", "installed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "ours")
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "first")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout.strip()


def test_a_changed_file_makes_the_commit_dirty(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    assert git_commit(repository / "ours") == commit == platform_code(repository / "ours")
    (repository / "ours" / "__init__.py").write_text("changed")
    assert git_commit(repository / "ours") == f"{commit}-dirty"


def test_a_package_installed_into_a_foreign_repository_is_named_by_its_release(repository: Path) -> None:
    assert platform_code(repository / "installed").startswith("ml-platform ")


def test_outside_of_a_repository_nothing_is_made_up_and_the_variable_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(GIT_COMMIT, raising=False)
    assert git_commit(tmp_path) == "unknown"
    monkeypatch.setenv(GIT_COMMIT, "c0ffee")
    assert git_commit(tmp_path) == platform_code(tmp_path) == "c0ffee"
