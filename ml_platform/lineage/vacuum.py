"""Which older versions of tables nothing needs any more.

Kept for ever are the current versions, the features and labels of every candidate in the ledger (also of the refused:
their entry says what they were), all predictions, and the features that were scored. Documents and records are small,
and are what lineage is answered from: they are never removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ml_platform.lineage.prediction import LEAF as PREDICTIONS
from ml_platform.stores.ledger import LedgerEntry
from ml_platform.stores.records import read_record
from ml_platform.stores.slot import Manifest, Slot
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class Removable:
    """An older version of a table that nothing needs."""

    slot: Slot
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
        slot = Slot.parse(manifest.slot)
        if slot is None or manifest.n_rows is None or (manifest.slot, manifest.version) in kept:
            continue
        current = stores.tables.manifest(slot)
        if current is not None and current.version != manifest.version:
            at = stores.records.superseded_at(slot, name)
            found[manifest.slot, manifest.version] = max(at, found.get((manifest.slot, manifest.version), at))
    for (name, version), at in sorted(found.items()):
        slot = Slot.parse(name)
        assert slot is not None
        file = stores.tables.file(slot, version)
        if at < superseded_before and file.exists():
            yield Removable(slot, version, file, file.stat().st_size, at)


def needed(history: Mapping[str, Manifest], entries: tuple[LedgerEntry, ...]) -> set[tuple[str, str]]:
    """Return slot and version of every table that a candidate of the ledger or a prediction needs."""
    candidates = [history[entry.candidate] for entry in entries if entry.candidate in history]
    predictions = [manifest for manifest in history.values() if f"/{PREDICTIONS}/" in manifest.slot]
    made_from = {item for manifest in (*candidates, *predictions) for item in manifest.inputs.items()}
    return made_from | {(manifest.slot, manifest.version) for manifest in predictions}
