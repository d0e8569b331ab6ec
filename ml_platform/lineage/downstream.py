"""Downstream of one partition of the raw data: every model version and every prediction that was made from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ml_platform.errors import UnknownId
from ml_platform.lineage.closure import downstream
from ml_platform.lineage.facts import VALIDATION, Event, SourceFile, is_validation, source_file
from ml_platform.lineage.upstream import PREDICTIONS
from ml_platform.stores.artifact import WHOLE, Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores

TABLES = ("features", "labels")


@dataclass(frozen=True)
class DownstreamTable:
    """A version of features or labels that was made from the partition."""

    artifact: str
    version: str
    n_rows: int
    current: bool
    """Whether it is the version that is in use now."""
    files: tuple[str, ...]
    """MD5 of the partition's raw files that it was made from."""


@dataclass(frozen=True)
class DownstreamModel:
    """A candidate that was trained on the partition; without a version when it was rejected."""

    version: str | None
    partition: str | None
    onnx_sha256: str
    mlflow_run: str
    events: tuple[Event, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class DownstreamPredictions:
    """A version of predictions that was made from the partition, or by a model that was trained on it."""

    artifact: str
    version: str
    n_rows: int
    current: bool
    model_version: str | None
    made_from_it: bool
    """Whether the scored features were made from the partition: its own rows, or those of a later partition."""
    model_trained_on_it: bool


@dataclass(frozen=True)
class PartitionDownstream:
    """Everything that was made from one partition, of every version that its raw files ever had."""

    model: str
    partition: str
    files: tuple[SourceFile, ...]
    tables: tuple[DownstreamTable, ...]
    models: tuple[DownstreamModel, ...]
    predictions: tuple[DownstreamPredictions, ...]


def partition_downstream(stores: Stores, model: str, partition: str) -> PartitionDownstream:
    """Return what was made from a partition; `whole` for the tables that have no partitions.

    UnknownId names the models or partitions that were ever stored, when it is none of them.
    """
    validations = _validations(stores, model)
    starts = {name: m for name, m in validations.items() if m.artifact.endswith(f"/{partition}")}
    if not starts:
        raise UnknownId(_unknown(stores, model, partition, validations))
    reached = downstream(stores.database, starts)
    files = {name: source_file(stores, m) for name, m in starts.items()}
    entries = stores.ledger(model).entries()
    models = _models(entries, reached, files)
    return PartitionDownstream(
        model=model,
        partition=partition,
        files=tuple(sorted(files.values(), key=lambda file: (file.table, file.md5))),
        tables=_tables(stores, model, reached, files),
        models=models,
        predictions=_predictions(stores, model, reached, entries, {found.onnx_sha256 for found in models}),
    )


def _validations(stores: Stores, model: str) -> dict[str, Manifest]:
    asset = table.c.asset.startswith(VALIDATION, autoescape=True)
    found = stores.manifests.select(table.c.model == model, asset)
    return {name: manifest for name, manifest in found.items() if is_validation(manifest)}


def _tables(
    stores: Stores, model: str, reached: dict[str, set[str]], files: dict[str, SourceFile]
) -> tuple[DownstreamTable, ...]:
    made = stores.manifests.select(table.c.model == model, table.c.asset.in_(TABLES))
    current = stores.manifests.versions(model).items()
    found = [
        DownstreamTable(m.artifact, m.version, m.n_rows or 0, (m.artifact, m.version) in current, _md5(files, starts))
        for name, m in made.items()
        if (starts := reached.get(name))
    ]
    return tuple(sorted(found, key=lambda one: (one.artifact, one.version)))


def _models(
    entries: tuple[LedgerEntry, ...], reached: dict[str, set[str]], files: dict[str, SourceFile]
) -> tuple[DownstreamModel, ...]:
    by_candidate: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        if entry.candidate in reached:
            by_candidate[entry.candidate].append(entry)
    return tuple(
        DownstreamModel(
            version=told[0].version,
            partition=told[0].partition,
            onnx_sha256=told[0].onnx_sha256,
            mlflow_run=told[0].run_id,
            events=tuple(Event(entry.at, entry.action, entry.reasons) for entry in told),
            files=_md5(files, reached[candidate]),
        )
        for candidate, told in by_candidate.items()
    )


def _predictions(
    stores: Stores, model: str, reached: dict[str, set[str]], entries: tuple[LedgerEntry, ...], onnx: set[str]
) -> tuple[DownstreamPredictions, ...]:
    versions = {entry.onnx_sha256: entry.version for entry in reversed(entries)}
    current = stores.manifests.versions(model).items()
    found = [
        DownstreamPredictions(
            artifact=m.artifact,
            version=m.version,
            n_rows=m.n_rows or 0,
            current=(m.artifact, m.version) in current,
            model_version=versions.get(m.inputs["model"]),
            made_from_it=name in reached,
            model_trained_on_it=m.inputs["model"] in onnx,
        )
        for name, m in stores.manifests.select(table.c.model == model, table.c.asset == PREDICTIONS).items()
        if name in reached or m.inputs["model"] in onnx
    ]
    return tuple(sorted(found, key=lambda one: (one.artifact, one.version)))


def _md5(files: dict[str, SourceFile], starts: set[str]) -> tuple[str, ...]:
    return tuple(sorted({files[name].md5 for name in starts}))


def _unknown(stores: Stores, model: str, partition: str, validations: dict[str, Manifest]) -> str:
    if not validations:
        models = ", ".join(stores.manifests.models()) or "none"
        return f"Nothing is stored of a model '{model}'; models of which there is: {models}"
    known = ", ".join(sorted({m.key.partition or "" for m in validations.values()} - {""})) or WHOLE
    return f"No raw file of '{model}' {partition} was ever checked; partitions that were: {known}"
