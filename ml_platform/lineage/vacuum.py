"""Which older versions of tables nothing needs any more.

Kept for ever are the current versions, the features and labels of every candidate in the ledger (also of the rejected:
their entry says what they were), all predictions, and the features that were scored. Documents and records are small,
and are what lineage is answered from: they are never removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ml_platform.lineage.prediction import LEAF as PREDICTIONS
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.ledger import LedgerEntry
from ml_platform.stores.records import read_record
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class Removable:
    """An older version of a table that nothing needs."""

    artifact: ArtifactKey
    version: str
    file: Path
    n_bytes: int
    superseded_at: datetime


def removable(stores: Stores, model: str, *, superseded_before: datetime) -> Iterator[Removable]:
    """Yield the versions of a model's tables that were superseded before a time, and that nothing needs.

    Raises
    ------
    DataError
        When a record or the ledger is damaged: what is needed cannot be known then.
    """
    history = {file.stem: read_record(file) for file in stores.records.files(model)}
    kept = needed(history, stores.ledger(model).entries())
    found: dict[tuple[str, str], datetime] = {}
    for name, manifest in history.items():
        artifact = ArtifactKey.parse(manifest.artifact)
        if artifact is None or manifest.n_rows is None or (manifest.artifact, manifest.version) in kept:
            continue
        current = stores.tables.manifest(artifact)
        if current is not None and current.version != manifest.version:
            at = stores.records.superseded_at(artifact, name)
            found[manifest.artifact, manifest.version] = max(at, found.get((manifest.artifact, manifest.version), at))
    for (name, version), at in sorted(found.items()):
        artifact = ArtifactKey.parse(name)
        assert artifact is not None
        file = stores.tables.file(artifact, version)
        if at < superseded_before and file.exists():
            yield Removable(artifact, version, file, file.stat().st_size, at)


def needed(history: Mapping[str, Manifest], entries: tuple[LedgerEntry, ...]) -> set[tuple[str, str]]:
    """Return artifact and version of every table that a candidate of the ledger or a prediction needs."""
    candidates = [history[entry.candidate] for entry in entries if entry.candidate in history]
    predictions = [manifest for manifest in history.values() if f"/{PREDICTIONS}/" in manifest.artifact]
    made_from = {item for manifest in (*candidates, *predictions) for item in manifest.inputs.items()}
    return made_from | {(manifest.artifact, manifest.version) for manifest in predictions}
