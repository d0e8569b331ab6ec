"""Every file of every registered or rejected candidate in MLflow, against the hashes in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ml_platform.errors import ModelError
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History
from ml_platform.stores.ledger import LedgerEntry

UNRECORDED = "nothing: it was put there later"


def model_checks(history: History) -> Iterator[Check]:
    """Yield a check per candidate in the ledger, and one of the registry's versions against the ledger."""
    if not any("/candidate/" in manifest.artifact for manifest in history.manifests.values()):
        return  # nothing was ever trained: MLflow need not be there
    yield Check(f"registered versions of {history.model}", partial(_versions, history))
    candidates = {entry.run_id: entry for entry in reversed(history.entries)}
    for entry in reversed(candidates.values()):
        yield Check(f"MLflow run {entry.run_id}", partial(_files, history, entry))


def _versions(history: History) -> Iterator[Difference]:
    """Find versions that the ledger does not know, which a ledger that was cut short or a forger assets."""
    recorded = {entry.version: entry.onnx_sha256 for entry in reversed(history.entries)}
    for version in history.stores.registry.versions(history.model):
        known = recorded.get(version.version)
        if version.onnx_sha256 != known:
            ledger = history.stores.ledger(history.model).path
            yield Difference(
                f"{version} in MLflow",
                f"SHA-256 {known}" if known else f"nothing in {ledger}",
                f"SHA-256 {version.onnx_sha256}",
                tuple(sorted(history.scored_by(version.onnx_sha256))),
                f"Restore {ledger} or MLflow's database from a backup, or delete the version",
            )


def _files(history: History, entry: LedgerEntry) -> Iterator[Difference]:
    try:
        found = history.stores.runs.files(entry.run_id)
    except ModelError as error:
        yield _difference(history, entry, "", "", str(error))
        return
    recorded = history.stores.runs.recorded_files(entry.run_id) | dict(entry.files)
    for name in sorted({*recorded, *found}):
        if found.get(name) != recorded.get(name):
            yield _difference(history, entry, name, recorded.get(name, UNRECORDED), found.get(name, MISSING))


def _difference(history: History, entry: LedgerEntry, name: str, recorded: str, found: str) -> Difference:
    version = [f"model '{history.model}' version {entry.version}"] if entry.version else []
    command = f"ml-platform rebuild {history.model} --version {entry.version} --into <folder>"
    again = f", or make the same model again: {command}" if entry.version else ""
    return Difference(
        f"{name} of MLflow run {entry.run_id}" if name else f"MLflow run {entry.run_id}",
        recorded,
        found,
        (*version, *sorted(history.scored_by(entry.onnx_sha256))),
        f"Restore the artifact from a backup{again}",
    )
