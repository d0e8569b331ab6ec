"""Raw files, the rows of them that keep the contract, and those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

import dagster as dg

from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.metadata import preview, summary
from ml_platform.pipeline.freshness import passed_validation
from ml_platform.stores.artifact import Manifest

if TYPE_CHECKING:
    import pandas as pd


def raw_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's raw file."""
    asset = Asset(
        f"raw_{table}",
        f"The source file of {table}, exactly as DVC recorded it. Its data version is the file's MD5.",
        frozenset({"dvc", "parquet"}),
        partitioned,
    )
    return AssetKind("contract", (asset,), partial(_take_in, table=table))


def _take_in(step: Step, *, table: str) -> Iterator[Made]:
    """Verify the file, and record the digest of each of its columns so that a later change can be named."""
    from ml_platform.stores.parquet import fingerprint

    artifact = step.table_artifact("raw", table)
    file = step.stores.raw.verify(table, artifact.partition)
    content = step.stores.raw.load(table, artifact.partition)
    columns = fingerprint(content)
    manifest = Manifest(artifact=str(artifact), version=file.md5, n_rows=content.num_rows, columns=columns)
    step.stores.documents.write(artifact, manifest.model_dump(), run_id=step.run_id)
    metadata = {
        "file": dg.MetadataValue.path(file.where),
        "bytes": file.n_bytes,
        "verified_against": "dvc.lock" if file.tracked else "nothing: DVC does not track this file",
        "columns": summary(content.to_pandas()),
    }
    yield Made(artifact.asset, file.md5, manifest, metadata, step.model.column_meanings(table))


def valid_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's valid and quarantined rows."""
    assets = (
        Asset(
            f"valid_{table}",
            f"The rows of {table} that keep every rule of its contract.",
            frozenset({"pandas", "parquet"}),
            partitioned,
        ),
        Asset(
            f"quarantine_{table}",
            f"The rows of {table} that break a rule of its contract, each with every reason.",
            frozenset({"pandas", "parquet"}),
            partitioned,
        ),
    )
    return AssetKind("contract", assets, partial(_divide, table=table), deps=(f"raw_{table}",))


def _divide(step: Step, *, table: str) -> Iterator[Made]:
    from ml_platform.contract import readmitted

    validation = passed_validation(step.model, step.stores, table, step.partition)
    stored = partial(step.table, inputs=validation.inputs, relies_on={validation.artifact: validation.version})
    held_back = _held_back(step, table)
    divided = cache(partial(_split, step, table))
    valid_manifest, valid = stored(step.table_artifact("valid", table), make=lambda: divided()[0])
    quarantine_manifest, quarantined = stored(step.table_artifact("quarantine", table), make=lambda: divided()[1])
    again = readmitted(held_back, valid, step.model.contracts[table].key)
    step.log(f"{table}: {len(valid):,} rows valid, {len(again):,} of them readmitted, {len(quarantined):,} quarantined")
    share = len(quarantined) / max(len(valid) + len(quarantined), 1)
    meanings = step.model.column_meanings(table)
    metadata = {"share_of_rows": 1 - share, "rows_readmitted": len(again), "first_rows": preview(valid)}
    yield Made(f"valid_{table}", valid_manifest.version, valid_manifest, metadata, meanings)
    metadata = {"share_of_rows": share, "first_rows": preview(quarantined)}
    yield Made(f"quarantine_{table}", quarantine_manifest.version, quarantine_manifest, metadata, meanings)


def _held_back(step: Step, table: str) -> pd.DataFrame | None:
    """Return the rows that were quarantined until now."""
    artifact = step.table_artifact("quarantine", table)
    return step.stores.tables.read(artifact) if step.stores.tables.is_intact(artifact) else None


def _split(step: Step, table: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    from ml_platform.contract import split

    rejected = step.stores.tables.read(step.table_artifact("rejected", table))
    return split(step.stores.raw.read(table, step.model.spec.partition_of(table, step.partition)), rejected)
