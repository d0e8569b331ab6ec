"""Raw files against what DVC recorded, in the folder and in DVC's cache; files that DVC does not track against ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from ml_platform.errors import DataError, NotStored
from ml_platform.lineage.facts import is_validation
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.dvc import TrackedFile, md5_of, tracked_files
from ml_platform.stores.raw import REPAIR, REPLACE, RawStore
from ml_platform.stores.stores import Stores

RAW = "raw_"
"""Before the name of a table: the asset of its raw files' manifests."""


def raw_checks(stores: Stores, histories: Sequence[History], *, all_files: bool) -> Iterator[Check]:
    """Yield a check per raw file that DVC tracks or that a model was made from; `all_files` also those of no model."""
    used: dict[str, Manifest] = {}
    users: dict[str, list[History]] = {}
    for history in histories:
        for manifest in _raw_manifests(history):
            where = stores.raw.where(*_table_and_partition(manifest))
            used[where] = manifest
            users.setdefault(where, []).append(history)
    tracked = {str(file.path): file for file in tracked_files(stores.installation.data.parent)}
    below = [where for where, file in tracked.items() if file.path.is_relative_to(stores.installation.raw)]
    for where in sorted({*used, *(below if all_files else ())}):
        if where in tracked:
            yield Check(where, partial(_tracked, tracked[where], users.get(where, ())))
        else:
            yield Check(where, partial(_untracked, stores.raw, used[where], users[where]))


def _raw_manifests(history: History) -> Iterator[Manifest]:
    """Yield what was recorded of each raw file that a model was made from, when it was last materialized."""
    names = {m.artifact for m in history.manifests.values() if m.artifact.split("/")[1].startswith(RAW)}
    for artifact in filter(None, map(ArtifactKey.parse, names)):
        try:
            yield Manifest.model_validate(history.stores.documents.read(artifact))
        except DataError:
            continue  # it is a difference of its own


def _table_and_partition(manifest: Manifest) -> tuple[str, str | None]:
    artifact = ArtifactKey.parse(manifest.artifact)
    assert artifact is not None
    return artifact.asset.removeprefix(RAW), artifact.partition


def _tracked(file: TrackedFile, users: Sequence[History]) -> Iterator[Difference]:
    found = md5_of(file.path) if file.path.is_file() else MISSING
    if found != file.md5:
        yield Difference(str(file.path), f"MD5 {file.md5}", f"MD5 {found}", _dependents(file.md5, users), REPAIR)
    if file.cache.exists() and (found := md5_of(file.cache)) != file.md5:
        run = f"Remove it, so that no checkout puts it back: rm -f {file.cache}. Then: make fetch"
        yield Difference(str(file.cache), f"MD5 {file.md5}", f"MD5 {found}", (str(file.path),), run)


def _untracked(raw: RawStore, recorded: Manifest, users: Sequence[History]) -> Iterator[Difference]:
    file, md5 = _table_and_partition(recorded), recorded.version
    try:
        found = raw.hash(*file)
    except NotStored:
        found = MISSING
    if found != md5:
        run = f"{REPLACE}, or materialize it again to use it as it is"
        yield Difference(raw.where(*file), f"MD5 {md5}", f"MD5 {found}", _dependents(md5, users), run)


def _dependents(md5: str, users: Iterable[History]) -> tuple[str, ...]:
    found: set[str] = set()
    for history in users:
        validations = [n for n, m in history.manifests.items() if is_validation(m) and m.inputs["raw"] == md5]
        found.update(history.dependents(validations))
    return tuple(sorted(found))
