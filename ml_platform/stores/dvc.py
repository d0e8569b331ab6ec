"""What DVC records of files: in ``dvc.lock``, in ``.dvc`` files, and in the names of the files in its cache."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class TrackedFile:
    """A file that DVC tracks. The hash is an MD5: against accidents, not against attackers."""

    path: Path
    md5: str
    cache: Path
    """Where DVC keeps a copy, if it does."""


def tracked_files(project: Path) -> list[TrackedFile]:
    """Return every file that is tracked in a DVC project, in order; none when the folder is no such project."""
    if not (project / ".dvc").is_dir():
        return []
    from dvc.repo import Repo

    with Repo(str(project), config={"core": {"no_scm": True}}) as repo:  # a container has no git, and none is needed
        found = [file for out in repo.index.outs for file in _files(repo, out)]
    return sorted(found, key=lambda file: file.path)


def md5_of(path: Path) -> str:
    """Return the MD5 of a file as it is now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _files(repo: Any, out: Any) -> Iterator[TrackedFile]:
    if out.hash_info is None or out.hash_info.name != "md5":
        return
    if not out.hash_info.isdir:
        yield _file(repo, Path(out.fs_path), out.hash_info.value)
        return
    for key, _, hash_info in out.get_obj() or ():
        yield _file(repo, Path(out.fs_path, *key), hash_info.value)


def _file(repo: Any, path: Path, md5: str) -> TrackedFile:
    return TrackedFile(path, md5, Path(repo.cache.local.oid_to_path(md5)))
