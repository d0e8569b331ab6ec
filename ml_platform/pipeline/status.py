"""The status of a model, from what is stored: who serves and why, the drift, the last decision, and what is to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml_platform.drift.report import DriftReport
from ml_platform.pipeline.missing import TableFile, missing_files
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import StalePartition, stale_partitions
from ml_platform.stores.artifact import WHOLE
from ml_platform.stores.ledger import champion_of
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores

LARGEST = 5
"""Columns of a drift report that are told."""


@dataclass(frozen=True)
class Champion:
    """The version that serves."""

    version: str
    partition: str | None
    """What it was trained as of."""
    since: datetime
    reasons: tuple[str, ...]
    """One sentence per gate."""


@dataclass(frozen=True)
class Decision:
    """What the last decision on a candidate was."""

    promoted: bool
    partition: str | None
    at: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Drift:
    """The drift report of the newest scored partition."""

    partition: str | None
    model_version: str
    level: str
    """The worst of a column."""
    n_columns: dict[str, int]
    """By level."""
    largest: dict[str, float]
    """The columns with the largest values of the drift metric."""
    address: str


@dataclass(frozen=True)
class Stale:
    """A partition that is older than what it is made from, or whose file is new."""

    partition: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Status:
    """What is known of a model without Dagster."""

    model: str
    champion: Champion | None
    last_scored: str | None
    """The newest scored partition; "whole" without partitions; None when nothing was scored."""
    drift: Drift | None
    last_decision: Decision | None
    stale: tuple[Stale, ...]
    """Stored partitions to recompute."""
    new: tuple[Stale, ...]
    """Partitions with a raw file of which nothing is stored."""
    newest_raw: str | None
    """The newest partition that has a raw file."""
    missing: tuple[TableFile, ...]
    """Raw files without which the newest partition cannot be scored: nothing is known then of stale and new ones."""


def model_status(model: Model, stores: Stores, now: datetime) -> Status:
    """Return the status of a model."""
    entries, drift = stores.ledger(model.name).entries(), _drift(model, stores)
    keys: list[str | None] = (
        [None] if model.spec.partitions is None else [*stores.raw.partitions(model.spec.entity.table)]
    )
    missing = missing_files(model, stores, "score", keys[-1]) if keys else [(model.spec.entity.table, None)]
    found = [] if missing else stale_partitions(model, stores, now)
    stale, new = (tuple(_stale(one) for one in found if one.is_new is is_new) for is_new in (False, True))
    return Status(
        model=model.name,
        champion=_champion(entries),
        last_scored=(drift.partition or WHOLE) if drift else None,
        drift=drift,
        last_decision=_last_decision(entries),
        stale=stale,
        new=new,
        newest_raw=keys[-1] if keys else None,
        missing=tuple(missing),
    )


def _champion(entries: tuple[LedgerEntry, ...]) -> Champion | None:
    entry = champion_of(entries)
    if entry is None or entry.version is None:
        return None
    return Champion(entry.version, entry.partition, entry.at, entry.reasons)


def _last_decision(entries: Sequence[LedgerEntry]) -> Decision | None:
    decided = [one for one in entries if one.action != "registered"]
    if not decided:
        return None
    last = decided[-1]
    return Decision(last.action == "promoted", last.partition, last.at, last.reasons)


def _drift(model: Model, stores: Stores) -> Drift | None:
    """Return what the newest drift report says."""
    artifacts = [model.artifact("drift", key) for key in stores.documents.partitions(model.name, "drift")]
    artifact = artifacts[-1] if artifacts else model.artifact("drift", None)
    if stores.documents.manifest(artifact) is None:
        return None
    document: dict[str, Any] = stores.documents.read(artifact)
    report = DriftReport.from_document(document)
    levels = [column.level for column in report.columns]
    order = ("critical", "warning", "too_few_rows", "ok")
    measured = [column for column in report.largest_first() if column.value is not None]
    return Drift(
        partition=artifact.partition,
        model_version=document["model_version"],
        level=next((level for level in order if level in levels), "ok"),
        n_columns={level: levels.count(level) for level in order if level in levels},
        largest={column.column: column.value or 0.0 for column in measured[:LARGEST]},
        address=stores.reports.address(artifact),
    )


def _stale(one: StalePartition) -> Stale:
    return Stale(one.partition, one.reasons)
