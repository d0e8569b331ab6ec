"""From one partition of the raw data forward to every model version and every prediction that it touched."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ml_platform.errors import UnknownId
from ml_platform.lineage.facts import Event, SourceFile, is_validation, source_file
from ml_platform.lineage.prediction import LEAF as PREDICTIONS
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest
from ml_platform.stores.ledger import LedgerEntry
from ml_platform.stores.records import read_record
from ml_platform.stores.stores import Stores

TABLES = ("features", "labels")


@dataclass(frozen=True)
class TouchedTable:
    """A version of features, labels or predictions that the partition went into."""

    artifact: str
    version: str
    n_rows: int
    current: bool
    """Whether it is the version that is in use now."""
    files: tuple[str, ...]
    """MD5 of the partition's raw files that went into it."""


@dataclass(frozen=True)
class TouchedModel:
    """A candidate that was trained on the partition; without a version when it was rejected."""

    version: str | None
    partition: str | None
    onnx_sha256: str
    mlflow_run: str
    events: tuple[Event, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class TouchedPredictions:
    """A version of predictions that the partition went into, or whose model was trained on it."""

    artifact: str
    version: str
    n_rows: int
    current: bool
    model_version: str | None
    made_from_it: bool
    """Whether the partition went into the features that were scored: its own rows, or those of a later partition."""
    model_trained_on_it: bool


@dataclass(frozen=True)
class PartitionTrace:
    """All that one partition has touched, of every version that its raw files ever had."""

    model: str
    partition: str
    files: tuple[SourceFile, ...]
    tables: tuple[TouchedTable, ...]
    models: tuple[TouchedModel, ...]
    predictions: tuple[TouchedPredictions, ...]


def trace_partition(stores: Stores, model: str, partition: str) -> PartitionTrace:
    """Return what a partition has touched; `whole` for the tables that have no partitions.

    Raises
    ------
    UnknownId
        When the model or the partition has never been stored; names those that were.
    """
    history = {file.stem: read_record(file) for file in stores.records.files(model)}
    start = {name: m for name, m in history.items() if is_validation(m) and m.artifact.endswith(f"/{partition}")}
    if not start:
        raise UnknownId(_unknown(stores, model, partition, history))
    reached = touched(history, start)
    files = {name: source_file(stores, m) for name, m in start.items()}
    models = _models(stores, model, reached, files)
    onnx = {found.onnx_sha256 for found in models}
    versions = {entry.onnx_sha256: entry.version for entry in reversed(stores.ledger(model).entries())}
    predictions = [
        TouchedPredictions(
            artifact=m.artifact,
            version=m.version,
            n_rows=m.n_rows or 0,
            current=_is_current(stores, m),
            model_version=versions.get(m.inputs["model"]),
            made_from_it=name in reached,
            model_trained_on_it=m.inputs["model"] in onnx,
        )
        for name, m in history.items()
        if f"/{PREDICTIONS}/" in m.artifact and (name in reached or m.inputs["model"] in onnx)
    ]
    return PartitionTrace(
        model=model,
        partition=partition,
        files=tuple(sorted(files.values(), key=lambda file: (file.table, file.md5))),
        tables=tuple(sorted(_tables(stores, history, reached, files), key=lambda t: (t.artifact, t.version))),
        models=models,
        predictions=tuple(sorted(predictions, key=lambda p: (p.artifact, p.version))),
    )


def touched(history: dict[str, Manifest], start: dict[str, Manifest]) -> dict[str, set[str]]:
    """Return every record that was made from one of the first ones, with those of them that went into it."""
    made_from: dict[str, list[str]] = defaultdict(list)
    for name, manifest in history.items():
        for origin in manifest.origins.values():
            made_from[origin].append(name)
    reached: dict[str, set[str]] = defaultdict(set)
    for first in start:
        waiting = [first]
        while waiting:
            name = waiting.pop()
            if first not in reached[name]:
                reached[name].add(first)
                waiting.extend(made_from[name])
    return dict(reached)


def _tables(
    stores: Stores, history: dict[str, Manifest], reached: dict[str, set[str]], files: dict[str, SourceFile]
) -> list[TouchedTable]:
    return [
        TouchedTable(m.artifact, m.version, m.n_rows or 0, _is_current(stores, m), _md5(files, reached[name]))
        for name, m in history.items()
        if name in reached and m.artifact.split("/")[1] in TABLES
    ]


def _models(
    stores: Stores, model: str, reached: dict[str, set[str]], files: dict[str, SourceFile]
) -> tuple[TouchedModel, ...]:
    by_candidate: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in stores.ledger(model).entries():
        if entry.candidate in reached:
            by_candidate[entry.candidate].append(entry)
    return tuple(
        TouchedModel(
            version=entries[0].version,
            partition=entries[0].partition,
            onnx_sha256=entries[0].onnx_sha256,
            mlflow_run=entries[0].run_id,
            events=tuple(Event(entry.at, entry.action, entry.reasons) for entry in entries),
            files=_md5(files, reached[candidate]),
        )
        for candidate, entries in by_candidate.items()
    )


def _md5(files: dict[str, SourceFile], names: set[str]) -> tuple[str, ...]:
    return tuple(sorted({files[name].md5 for name in names}))


def _is_current(stores: Stores, manifest: Manifest) -> bool:
    artifact = ArtifactKey.parse(manifest.artifact)
    now = stores.tables.manifest(artifact) if artifact else None
    return now is not None and now.version == manifest.version


def _unknown(stores: Stores, model: str, partition: str, history: dict[str, Manifest]) -> str:
    if not history:
        models = sorted(path.name for path in stores.installation.documents.glob("*") if path.is_dir())
        return f"Nothing is stored of a model '{model}'; models of which there is: {', '.join(models) or 'none'}"
    known = sorted({m.artifact.split("/")[2] for m in history.values() if is_validation(m)} - {WHOLE})
    return f"No raw file of '{model}' {partition} was ever checked; partitions that were: {', '.join(known) or WHOLE}"
