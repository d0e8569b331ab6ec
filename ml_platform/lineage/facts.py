"""The facts that both directions of lineage tell, each read from what was recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.records import Records
from ml_platform.stores.stores import Stores

VALIDATION = "validation_"
"""Before the name of a table: the asset of its contract's validations."""

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
    """What happened to a model version: one line of the ledger."""

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
    """What was held against the training set, by name."""
    sources: tuple[SourceFile, ...]


def ancestors(records: Records, manifest: Manifest) -> dict[str, Manifest]:
    """Return everything that something was made from, by name of the record, the nearest first."""
    found: dict[str, Manifest] = {}
    waiting = deque(manifest.origins.items())
    while waiting:
        name, record = waiting.popleft()
        artifact = ArtifactKey.parse(name)
        if artifact is not None and record not in found:
            found[record] = records.get(artifact, record)
            waiting.extend(found[record].origins.items())
    return found


def source_files(stores: Stores, manifest: Manifest) -> tuple[SourceFile, ...]:
    """Return the raw files that something was made from, ordered by table and partition."""
    validations = [m for m in ancestors(stores.records, manifest).values() if is_validation(m)]
    return tuple(
        source_file(stores, validation) for validation in sorted(validations, key=lambda m: (m.artifact, m.version))
    )


def is_validation(manifest: Manifest) -> bool:
    """Return whether it is of a raw file's validation."""
    return f"/{VALIDATION}" in manifest.artifact and "raw" in manifest.inputs


def source_file(stores: Stores, validation: Manifest) -> SourceFile:
    """Return the raw file that a validation is about."""
    artifact = ArtifactKey.parse(validation.artifact)
    assert artifact is not None
    document = stores.documents.read_version(artifact, validation)
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
    """Return what the ledger and the candidate's record say of a model version; MLflow is not asked."""
    entries = [entry for entry in stores.ledger(model).entries() if entry.version == version]
    first = entries[0]
    artifact = ArtifactKey(model, "candidate", first.partition)
    candidate = stores.records.get(artifact, first.candidate)
    document = stores.documents.read_version(artifact, candidate)
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
        sources=source_files(stores, candidate),
    )


def checks_on(
    stores: Stores, artifact: ArtifactKey, versions: Mapping[str, str], *, definition: str = ""
) -> dict[str, dict[str, Any]]:
    """Return each document beside a artifact that says whether a check held on exactly these versions, by its asset.

    A check that depends on the model's definition counts only when it was made under the stated one.
    """
    found = {}
    for asset in sorted(
        path.name for path in (stores.installation.documents / artifact.model).glob("*") if path.is_dir()
    ):
        beside = artifact._replace(asset=asset)
        for manifest in stores.documents.records.of(beside).values():
            under = manifest.inputs.get("definition", definition)
            if versions.items() <= manifest.inputs.items() and under == definition:
                document = stores.documents.read_version(beside, manifest)
                if PASSED in document:
                    found[asset] = document
    return found
