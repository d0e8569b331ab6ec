"""Candidates, versions and the champion in MLflow, against the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ml_platform.errors import DataError, ModelError
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History, shown
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.manifests import BACKUP
from ml_platform.stores.mlflow.addresses import sqlite_file
from ml_platform.stores.mlflow.entities import EVALUATION, evaluation_metrics
from ml_platform.stores.stores import Stores

UNRECORDED = "nothing: it was put there later"


def is_used(stores: Stores) -> bool:
    """Return whether there is an MLflow to look at: a server, or the database that the first training makes."""
    file = sqlite_file(stores.installation.tracking_uri)
    return file is None or file.exists()


def model_checks(history: History) -> Iterator[Check]:
    """Yield a check per candidate in the ledger, and of the registry's versions and champion against the ledger."""
    if not history.entries and "candidate" not in {row.asset for row in history.rows}:
        return  # nothing was ever trained: MLflow need not be there
    yield Check(f"registered versions of {history.model}", partial(_versions, history))
    yield Check(f"champion of {history.model}", partial(_champion, history))
    candidates = {entry.run_id: entry for entry in reversed(history.entries)}
    for entry in reversed(candidates.values()):
        yield Check(f"MLflow run {entry.run_id}", partial(_files, history, entry))
        yield Check(f"metrics of MLflow run {entry.run_id}", partial(_metrics, history, entry))


def _versions(history: History) -> Iterator[Difference]:
    """Find versions that the ledger has never heard of, and those of which it has another hash or none."""
    recorded = {entry.version: entry.onnx_sha256 for entry in reversed(history.entries) if entry.version}
    ledger = history.stores.ledger(history.model)
    found = {version.version: version.onnx_sha256 for version in history.stores.registry.versions(history.model)}
    for version in sorted({*recorded, *found}, key=int):
        known, here = recorded.get(version), found.get(version)
        if known != here:
            yield Difference(
                f"model '{history.model}' version {version} in MLflow",
                f"SHA-256 {known}" if known else f"nothing in the {ledger}",
                f"SHA-256 {here}" if here else MISSING,
                tuple(sorted(history.scored_by(here or known or ""))),
                "Restore MLflow's database or that of the ledger from a backup, or delete the version",
            )


def _champion(history: History) -> Iterator[Difference]:
    ledger = history.stores.ledger(history.model)
    try:
        promoted = ledger.champion()
    except DataError:
        return  # a difference of its own
    recorded = promoted.version if promoted else None
    mirrored = history.stores.registry.champion(history.model)
    found = mirrored.version if mirrored else None
    if found != recorded:
        yield Difference(
            f"alias 'champion' of model '{history.model}' in MLflow",
            f"version {recorded}, as the {ledger} has it" if recorded else f"nothing in the {ledger}",
            f"version {found}" if found else MISSING,
            run="The next run that uses the champion moves the alias back"
            if recorded
            else f"{BACKUP}, or remove the alias",
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


def _metrics(history: History, entry: LedgerEntry) -> Iterator[Difference]:
    """Compare MLflow's metrics with those of the evaluation that the decision was made on."""
    wanted = (str(ArtifactKey(history.model, "evaluation", entry.partition)), entry.files.get(EVALUATION))
    evaluation = next((m for m in history.manifests.values() if (m.artifact, m.version) == wanted), None)
    if evaluation is None:
        return
    recorded = evaluation_metrics(history.stores.documents.read_version(evaluation))
    found = history.stores.runs.metrics(entry.run_id)
    for name, value in recorded.items():
        if found.get(name) != value:
            what = f"metric {name} of MLflow run {entry.run_id}"
            run = "MLflow shows another figure than the one that decided. Restore its database from a backup"
            yield Difference(what, str(value), str(found.get(name, MISSING)), (shown(evaluation),), run)


def _difference(history: History, entry: LedgerEntry, name: str, recorded: str, found: str) -> Difference:
    version = [f"model '{history.model}' version {entry.version}"] if entry.version else []
    command = f"ml-platform rebuild {history.model} --version {entry.version} --into <folder>"
    again = f", or retrain the version: {command}" if entry.version else ""
    return Difference(
        f"{name} of MLflow run {entry.run_id}" if name else f"MLflow run {entry.run_id}",
        recorded,
        found,
        (*version, *sorted(history.scored_by(entry.onnx_sha256))),
        f"Restore the artifact from a backup{again}",
    )
