"""The facts that both directions of lineage tell, each read from what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml_platform.lineage.closure import upstream
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.manifests import is_of
from ml_platform.stores.stores import Stores

VALIDATION = "validation_"
"""Before the name of a table: the asset of its validation results."""

PASSED = "passed"
"""Entry of every document that says whether a check held."""


@dataclass(frozen=True)
class SourceFile:
    """A raw file as it was when something was made from it, and what its contract said."""

    table: str
    partition: str | None
    file: str
    md5: str
    contract: str
    """SHA-256 of the contract's document."""
    passed: bool
    n_rows: int
    n_quarantined: int
    check_results: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Event:
    """What happened to a model version: one entry of the ledger."""

    at: datetime
    action: str
    reasons: tuple[str, ...]
    """One sentence per gate."""


@dataclass(frozen=True)
class TrainedModel:
    """A model version and what it was made from."""

    version: str
    partition: str | None
    """What it was trained as of."""
    onnx_sha256: str
    mlflow_run: str
    dagster_run: str
    code: str
    """Git commit of the platform, ``-dirty`` behind it when files differed."""
    definition: str
    """Version of the model's folder: YAML, contracts and code."""
    definition_code: str
    """Git commit of that folder."""
    features: tuple[str, ...]
    """Its inputs, in order."""
    events: tuple[Event, ...]
    training: Mapping[str, str]
    """Version of each partition of the features and of the labels, by artifact."""
    checks: Mapping[str, Mapping[str, Any]]
    """Results of the checks on the training set, by name."""
    sources: tuple[SourceFile, ...]
    candidate: str
    """Manifest id of the candidate's document."""


def source_files(stores: Stores, manifest_id: str) -> tuple[SourceFile, ...]:
    """Return the raw files that something was made from, ordered by table and partition."""
    made_from = stores.manifests.select(table.c.id.in_(upstream(manifest_id)))
    validations = [manifest for manifest in made_from.values() if is_validation(manifest)]
    return tuple(source_file(stores, one) for one in sorted(validations, key=lambda m: (m.artifact, m.version)))


def is_validation(manifest: Manifest) -> bool:
    """Return whether it is of a raw file's validation result."""
    return manifest.key.asset.startswith(VALIDATION) and "raw" in manifest.inputs


def source_file(stores: Stores, validation: Manifest) -> SourceFile:
    """Return the raw file that a validation result is about."""
    artifact = validation.key
    document = stores.documents.read_version(validation)
    return SourceFile(
        table=artifact.asset.removeprefix(VALIDATION),
        partition=artifact.partition,
        file=document["file"],
        md5=validation.inputs["raw"],
        contract=validation.inputs["contract"],
        passed=document["passed"],
        n_rows=document["n_rows"],
        n_quarantined=document["n_quarantined"],
        check_results=tuple(document["check_results"]),
    )


def trained_model(stores: Stores, model: str, version: str) -> TrainedModel:
    """Return what the ledger and the candidate's manifest say of a model version; MLflow is not asked."""
    entries = [entry for entry in stores.ledger(model).entries() if entry.version == version]
    first = entries[0]
    artifact = ArtifactKey(model, "candidate", first.partition)
    candidate = stores.manifests.get(first.candidate)
    document = stores.documents.read_version(candidate)
    return TrainedModel(
        version=version,
        partition=first.partition,
        onnx_sha256=first.onnx_sha256,
        mlflow_run=first.run_id,
        dagster_run=candidate.run_id,
        code=candidate.code,
        definition=document["definition"],
        definition_code=document["git_commit"],
        features=tuple(document["features"]),
        events=tuple(Event(entry.at, entry.action, entry.reasons) for entry in entries),
        training=candidate.inputs,
        checks=checks_on(stores, artifact, candidate.inputs, definition=document["definition"]),
        sources=source_files(stores, first.candidate),
        candidate=first.candidate,
    )


def checks_on(
    stores: Stores, artifact: ArtifactKey, versions: Mapping[str, str], *, definition: str = ""
) -> dict[str, dict[str, Any]]:
    """Return the documents beside an artifact that say whether a check held on exactly these versions, by asset.

    A check that depends on the model's definition counts only when it was made under the stated one.
    """
    model, _, partition = is_of(artifact)
    beside = stores.manifests.select(model, partition, table.c.n_rows.is_(None))
    found = {}
    for manifest in sorted(beside.values(), key=lambda one: one.artifact):
        under = manifest.inputs.get("definition", definition)
        if versions.items() <= manifest.inputs.items() and under == definition:
            document = stores.documents.read_version(manifest)
            if PASSED in document:
                found[manifest.key.asset] = document
    return found
