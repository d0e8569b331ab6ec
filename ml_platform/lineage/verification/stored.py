"""Tables, documents, manifests, records and the ledger, each against the digest that was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ml_platform.errors import DataError, NotStored
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.files import digest
from ml_platform.stores.records import name_of
from ml_platform.stores.shelf import make

BACKUP = "Restore it from a backup"


def stored_checks(history: History) -> Iterator[Check]:
    """Yield a check per record and manifest, per stored version of a table or document, and of the ledger."""
    stores, model = history.stores, history.model
    yield Check(f"ledger of {model}", partial(_ledger, history))
    yield Check(f"records of {model}", partial(_records, history))
    for root in stores.records.roots:
        for file in sorted((root / model).glob("*/*.json")):
            yield Check(str(file), partial(_manifest, file, history))
    versions = {(m.artifact, m.version): (name, m) for name, m in sorted(history.manifests.items())}
    for _, (name, manifest) in sorted(versions.items()):
        artifact = ArtifactKey.parse(manifest.artifact)
        assert artifact is not None
        check = _table if manifest.n_rows is not None else _document
        yield Check(f"{artifact} {manifest.version[:12]}", partial(check, history, artifact, name, manifest))


def _ledger(history: History) -> Iterator[Difference]:
    ledger = history.stores.ledger(history.model)
    try:
        ledger.entries()
    except DataError as error:
        every = tuple(
            sorted(
                {
                    str(artifact)
                    for artifact in (m.artifact for m in history.manifests.values())
                    if "/champion/" in artifact
                }
            )
        )
        yield Difference(str(ledger.path), "sealed lines", str(error), every, BACKUP)


def _records(history: History) -> Iterator[Difference]:
    for file in history.stores.records.files(history.model):
        found = name_of(file.read_bytes())
        if found != file.stem:
            made = [shown for shown, m in _names(history) if file.stem in m.origins.values()]
            yield Difference(str(file), file.stem, found, tuple(sorted(made)), BACKUP)
    for shown, manifest in _names(history):
        for name, record in manifest.origins.items():
            artifact = ArtifactKey.parse(name)
            if artifact is not None and not history.stores.records.has(artifact, record):
                yield Difference(f"record {record} of {name}", record, MISSING, (shown,), BACKUP)


def _names(history: History) -> list[tuple[str, Manifest]]:
    return [(f"{m.artifact} {m.version[:12]}", m) for m in history.manifests.values()]


def _manifest(file: Path, history: History) -> Iterator[Difference]:
    artifact = ArtifactKey.parse(f"{history.model}/{file.parent.name}/{file.stem}")
    assert artifact is not None
    found = name_of(file.read_bytes())
    if not history.stores.records.has(artifact, found):
        known = {name for name, m in history.manifests.items() if m.artifact == str(artifact)}
        yield Difference(
            str(file),
            f"one of the records {', '.join(sorted(known))}",
            found,
            history.dependents(known),
            make(artifact),
        )


def _table(history: History, artifact: ArtifactKey, name: str, manifest: Manifest) -> Iterator[Difference]:
    tables = history.stores.tables
    file = tables.file(artifact, manifest.version)
    if tables.is_removed(artifact, manifest.version):
        return
    if lines := tables.differences_of(artifact, manifest):
        found = MISSING if not file.exists() else "; ".join(lines)
        recorded = f"version {manifest.version}, {manifest.n_rows:,} rows"
        yield Difference(str(file), recorded, found, history.dependents([name]), _repair(history, artifact, name))


def _document(history: History, artifact: ArtifactKey, name: str, manifest: Manifest) -> Iterator[Difference]:
    file = history.stores.documents.file(artifact, manifest.version)
    found = digest(file.read_bytes()) if file.exists() else MISSING
    if found != manifest.version:
        run = _repair(history, artifact, name)
        yield Difference(str(file), f"SHA-256 {manifest.version}", found, history.dependents([name]), run)


def _repair(history: History, artifact: ArtifactKey, name: str) -> str:
    """Return what makes a version again: the command when it is the current one, otherwise only a backup."""
    stores = history.stores
    store = stores.documents if history.manifests[name].n_rows is None else stores.tables
    try:
        is_current = store.record(artifact) == name
    except (DataError, NotStored):
        is_current = True  # nobody knows: its manifest is damaged or gone
    return make(artifact) if is_current else f"It is an older version, which cannot be made again. {BACKUP}"
