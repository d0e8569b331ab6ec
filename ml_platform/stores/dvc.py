"""What DVC records of files: in ``dvc.lock``, in ``.dvc`` files, and in the names of the files in its cache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DIRECTORY = ".dir"
"""At the end of the MD5 of a folder, which is that of the list of its files."""


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


def recorded_md5(file: Path, lock_file: Path) -> str | None:
    """Return the MD5 that DVC records for a file, or None when it does not track it.

    It is looked up in ``dvc.lock`` and in the ``.dvc`` files that `dvc add` writes beside a file or its folder. Unlike
    `tracked_files` this takes a millisecond, and does not know a cache that has been moved.
    """
    file, folder = _place(file), _place(file.parent)
    outs = {**_outs(lock_file), **_outs(_beside(file)), **_outs(_beside(folder))}
    md5 = outs.get(folder, "")
    if file in outs or not md5.endswith(DIRECTORY):
        return outs.get(file)
    listing = lock_file.parent / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    entries = json.loads(listing.read_bytes()) if listing.is_file() else []
    return next((entry["md5"] for entry in entries if entry["relpath"] == file.name), None)


def _place(path: Path) -> Path:
    """Return the path with links in its folder followed, and not those in its name: DVC may link files to its cache."""
    return path.parent.resolve() / path.name


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.dvc")


def _outs(document: Path) -> dict[Path, str]:
    """Return the recorded MD5 of each output of a ``dvc.lock`` or ``.dvc`` file, which need not exist."""
    return _read_outs(document, document.stat().st_mtime_ns) if document.is_file() else {}


@lru_cache(maxsize=64)
def _read_outs(document: Path, _changed_at: int) -> dict[Path, str]:
    """Read once per change of the file."""
    content = yaml.safe_load(document.read_text(encoding="utf-8")) or {}
    stages = content.get("stages", {"": content}).values()
    folder = document.parent
    return {
        _place(folder / out["path"]): out["md5"] for stage in stages for out in stage.get("outs", ()) if "md5" in out
    }


def _files(repo: Any, out: Any) -> Iterator[TrackedFile]:
    if out.hash_info is None or out.hash_info.name != "md5":
        return
    listed = (out.get_obj() or ()) if out.hash_info.isdir else [((), None, out.hash_info)]
    for key, _, hash_info in listed:
        cache = Path(repo.cache.local.oid_to_path(hash_info.value))
        yield TrackedFile(Path(out.fs_path, *key), hash_info.value, cache)
