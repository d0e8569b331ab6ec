"""Raw files against what DVC recorded, in the folder and in DVC's cache; files that DVC does not track against ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from ml_platform.errors import DataError
from ml_platform.lineage.facts import is_validation
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History
from ml_platform.stores.artifact import ArtifactKey, make
from ml_platform.stores.dvc import TrackedFile, md5_of, tracked_files
from ml_platform.stores.raw import REPAIR
from ml_platform.stores.stores import Stores

RAW = "raw_"
"""Before the name of a table: the asset of its raw files' manifests."""


def raw_checks(stores: Stores, histories: Sequence[History], *, all_files: bool) -> Iterator[Check]:
    """Yield a check per raw file that DVC tracks or that a model was made from; `all_files` also those of no model."""
    used = {path: artifact for history in histories for path, artifact in _files(history).items()}
    tracked = {file.path: file for file in tracked_files(stores.installation.data.parent)}
    below = [path for path in tracked if path.is_relative_to(stores.installation.raw)]
    for path in sorted({*used, *(below if all_files else ())}):
        users = [history for history in histories if path in _files(history)]
        if path in tracked:
            yield Check(str(path), partial(_tracked, tracked[path], users))
        else:
            yield Check(str(path), partial(_untracked, stores, path, used[path], users))


def _files(history: History) -> dict[Path, ArtifactKey]:
    """Return the raw files that a model was made from."""
    artifacts = {ArtifactKey.of(manifest) for manifest in history.manifests.values()}
    raw = [artifact for artifact in artifacts if artifact.asset.startswith(RAW)]
    return {history.stores.raw.path(one.asset.removeprefix(RAW), one.partition): one for one in raw}


def _tracked(file: TrackedFile, users: Sequence[History]) -> Iterator[Difference]:
    yield from _compare(file.path, file.md5, users, REPAIR)
    if file.cache.exists() and (found := md5_of(file.cache)) != file.md5:
        run = f"Remove it, so that no checkout puts it back: rm -f {file.cache}. Then: make fetch"
        yield Difference(str(file.cache), f"MD5 {file.md5}", f"MD5 {found}", (str(file.path),), run)


def _untracked(stores: Stores, path: Path, artifact: ArtifactKey, users: Sequence[History]) -> Iterator[Difference]:
    """Compare with the MD5 of the file when it was last taken in."""
    try:
        recorded = str(stores.documents.read(artifact)["version"])
    except DataError:
        return  # a difference of its own
    run = f"Put the file back that was taken in (DVC does not track it). If it was changed on purpose: {make(artifact)}"
    yield from _compare(path, recorded, users, run)


def _compare(path: Path, md5: str, users: Sequence[History], run: str) -> Iterator[Difference]:
    found = md5_of(path) if path.is_file() else MISSING
    if found != md5:
        yield Difference(str(path), f"MD5 {md5}", f"MD5 {found}", _dependents(md5, users), run)


def _dependents(md5: str, users: Iterable[History]) -> tuple[str, ...]:
    found: set[str] = set()
    for history in users:
        validations = [n for n, m in history.manifests.items() if is_validation(m) and m.inputs["raw"] == md5]
        found.update(history.dependents(validations))
    return tuple(sorted(found))
