"""Raw files against what DVC recorded, in the folder and in DVC's cache; files that DVC does not track against ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ml_platform.errors import DataError, NotStored
from ml_platform.lineage.facts import is_validation
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History
from ml_platform.stores.artifact import ArtifactKey, make
from ml_platform.stores.dvc import TrackedFile, md5_of, tracked_files
from ml_platform.stores.raw import REPAIR, REPLACE
from ml_platform.stores.stores import Stores

RAW = "raw_"
"""Before the name of a table: the asset of its raw files' manifests."""


def raw_checks(stores: Stores, histories: Sequence[History], *, all_files: bool) -> Iterator[Check]:
    """Yield a check per raw file that DVC tracks or that a model was made from; `all_files` also those of no model."""
    used = {where: artifact for history in histories for where, artifact in _files(history).items()}
    tracked = {str(file.path): file for file in tracked_files(stores.installation.data.parent)}
    below = [where for where, file in tracked.items() if file.path.is_relative_to(stores.installation.raw)]
    for where in sorted({*used, *(below if all_files else ())}):
        users = [history for history in histories if where in _files(history)]
        if where in tracked:
            yield Check(where, partial(_tracked, tracked[where], users))
        else:
            yield Check(where, partial(_untracked, stores, where, used[where], users))


def _files(history: History) -> dict[str, ArtifactKey]:
    """Return the raw files that a model was made from."""
    artifacts = {m.key for m in history.manifests.values() if m.key.asset.startswith(RAW)}
    return {history.stores.raw.where(one.asset.removeprefix(RAW), one.partition): one for one in artifacts}


def _tracked(file: TrackedFile, users: Sequence[History]) -> Iterator[Difference]:
    found = md5_of(file.path) if file.path.is_file() else MISSING
    yield from _compare(str(file.path), file.md5, found, users, REPAIR)
    if file.cache.exists() and (found := md5_of(file.cache)) != file.md5:
        run = f"Remove it, so that no checkout puts it back: rm -f {file.cache}. Then: make fetch"
        yield Difference(str(file.cache), f"MD5 {file.md5}", f"MD5 {found}", (str(file.path),), run)


def _untracked(stores: Stores, where: str, artifact: ArtifactKey, users: Sequence[History]) -> Iterator[Difference]:
    """Compare with the MD5 of the file when it was last materialized."""
    try:
        recorded = str(stores.documents.read(artifact)["version"])
    except DataError:
        return  # a difference of its own
    try:
        found = stores.raw.hash(artifact.asset.removeprefix(RAW), artifact.partition)
    except NotStored:
        found = MISSING
    run = f"{REPLACE} (DVC does not track it). If it was changed on purpose: {make(artifact)}"
    yield from _compare(where, recorded, found, users, run)


def _compare(where: str, md5: str, found: str, users: Sequence[History], run: str) -> Iterator[Difference]:
    if found == md5:
        return
    dependents: set[str] = set()
    for history in users:
        validations = [n for n, m in history.manifests.items() if is_validation(m) and m.inputs["raw"] == md5]
        dependents.update(history.dependents(validations))
    yield Difference(where, f"MD5 {md5}", f"MD5 {found}", tuple(sorted(dependents)), run)
