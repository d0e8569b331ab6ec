"""Raw files, the rows of them that keep the contract, and those that do not."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.checks.contract import contract_checks
from ml_platform.orchestration.checks.stored import raw_as_recorded
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def raw_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's raw file."""
    asset = Asset(
        f"raw_{table}",
        f"The raw file of {table}, verified against the MD5 that DVC recorded, which is its data version.",
        frozenset({"dvc", "parquet"}),
        partitioned,
    )
    return AssetKind("contract", (asset,), partial(_record, table=table))


def _record(model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str) -> Iterator[Made]:
    from ml_platform.orchestration.table_metadata import share_missing, summary
    from ml_platform.pipeline.raw import record_raw_file

    recorded = record_raw_file(model, stores, partition, run, table=table)
    metadata = {
        "file": dg.MetadataValue.path(recorded.file.where),
        "bytes": recorded.file.n_bytes,
        "share_of_missing_values": share_missing(recorded.frame),
        "verified_against": "dvc.lock" if recorded.file.tracked else "nothing: DVC does not track this file",
        "columns": summary(recorded.frame, personal_columns(model)),
    }
    yield Made(f"raw_{table}", recorded.file.md5, recorded.manifest, metadata, model.column_meanings(table))


def valid_kind(table: str, *, partitioned: bool) -> AssetKind:
    """Return the kind of a source table's valid and quarantined rows."""
    kinds = frozenset({"pandas", "parquet"})
    assets = (
        Asset(f"valid_{table}", f"The rows of {table} that satisfy every rule of its contract.", kinds, partitioned),
        Asset(
            f"quarantine_{table}",
            f"The rows of {table} that break a rule of its contract, each with every reason.",
            kinds,
            partitioned,
        ),
    )
    return AssetKind("contract", assets, partial(_divide, table=table), deps=(f"raw_{table}",))


def _divide(model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str) -> Iterator[Made]:
    from ml_platform.orchestration.table_metadata import preview
    from ml_platform.pipeline.valid_rows import divide_rows

    divided = divide_rows(model, stores, partition, run, table=table)
    valid, quarantined, meanings = divided.valid, divided.quarantined, model.column_meanings(table)
    hidden = personal_columns(model)
    counts = {
        "rows_valid": len(valid.frame),
        "rows_quarantined": len(quarantined.frame),
        "share_quarantined": divided.quarantined_share,
    }
    metadata = {**counts, "rows_readmitted": divided.n_readmitted, "first_rows": preview(valid.frame, hidden)}
    yield Made(f"valid_{table}", valid.manifest.version, valid.manifest, metadata, meanings)
    metadata = {**counts, "first_rows": preview(quarantined.frame, hidden)}
    yield Made(f"quarantine_{table}", quarantined.manifest.version, quarantined.manifest, metadata, meanings)


def kinds_of_entity(model: Model) -> list[AssetKind | CheckKind]:
    """Return what makes the valid rows of a partition of the entity, with the checks that block it."""
    table = model.spec.entity.table
    return [
        raw_kind(table, partitioned=True),
        raw_as_recorded(table, partitioned=True),
        contract_checks(model, table, partitioned=True),
        valid_kind(table, partitioned=True),
    ]
