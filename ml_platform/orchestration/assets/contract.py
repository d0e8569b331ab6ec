"""Raw files, the rows of them that keep the contract, and those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.asset import AssetKind, Leaf, Made, Step
from ml_platform.orchestration.metadata import preview, summary
from ml_platform.orchestration.trust import passed_verdict
from ml_platform.stores.raw import REPAIR
from ml_platform.stores.slot import Manifest, Slot
from ml_platform.stores.tables import fingerprint, load_parquet

if TYPE_CHECKING:
    import pandas as pd


def raw_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's raw file."""
    leaf = Leaf(
        f"raw_{table}",
        f"The source file of {table}, exactly as DVC recorded it. Its data version is the file's MD5.",
        frozenset({"dvc", "parquet"}),
        partitioned,
    )
    return AssetKind("contract", (leaf,), partial(_take_in, table=table))


def _take_in(step: Step, *, table: str) -> Iterator[Made]:
    """Verify the file, and record the digest of each of its columns so that a later change can be named."""
    slot = step.model.table_slot("raw", table, step.partition)
    file = step.stores.raw.verify(table, slot.partition)
    content = load_parquet(file.path, repair=REPAIR)
    columns = fingerprint(content)
    manifest = Manifest(slot=str(slot), version=file.md5, n_rows=content.num_rows, columns=columns)
    step.stores.documents.write(slot, manifest.model_dump(), run_id=step.run_id)
    metadata = {
        "file": dg.MetadataValue.path(str(file.path)),
        "bytes": file.n_bytes,
        "verified_against": "dvc.lock" if file.tracked else "nothing: DVC does not track this file",
        "columns": summary(content.to_pandas()),
    }
    yield Made(slot.leaf, file.md5, manifest, metadata, step.model.column_meanings(table))


def valid_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's valid and quarantined rows."""
    leaves = (
        Leaf(
            f"valid_{table}",
            f"The rows of {table} that keep every rule of its contract.",
            frozenset({"pandas", "parquet"}),
            partitioned,
        ),
        Leaf(
            f"quarantine_{table}",
            f"The rows of {table} that break a rule of its contract, each with every reason.",
            frozenset({"pandas", "parquet"}),
            partitioned,
        ),
    )
    return AssetKind("contract", leaves, partial(_divide, table=table), deps=(f"raw_{table}",))


def _divide(step: Step, *, table: str) -> Iterator[Made]:
    from ml_platform.contract import split

    verdict = passed_verdict(step.model, step.stores, table, step.partition)
    rejected = step.stores.tables.read(step.model.table_slot("rejected", table, step.partition))
    frame = step.stores.raw.read(table, step.model.spec.partition_of(table, step.partition))
    valid, quarantined = split(frame, rejected)
    step.log(f"{table}: {len(valid):,} rows valid, {len(quarantined):,} quarantined")
    inputs = {
        "raw": verdict.inputs["raw"],
        "contract": verdict.inputs["contract"],
        verdict.slot: verdict.version,
    }
    for leaf, rows in (("valid", valid), ("quarantine", quarantined)):
        slot = step.model.table_slot(leaf, table, step.partition)
        share = len(rows) / max(len(frame), 1)
        made = _store(step, slot, rows, inputs, share)
        yield replace(made, columns=step.model.column_meanings(table))


def _store(step: Step, slot: Slot, rows: pd.DataFrame, inputs: dict[str, str], share: float) -> Made:
    manifest = step.stores.tables.write(slot, rows, inputs=inputs, run_id=step.run_id)
    metadata = {"share_of_rows": share, "first_rows": preview(rows)}
    return Made(slot.leaf, manifest.version, manifest, metadata)
