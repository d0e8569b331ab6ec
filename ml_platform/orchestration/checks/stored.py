"""Is a stored table still what was recorded when it was made?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ml_platform.errors import DataError
from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.stores.artifact import Manifest

AS_RECORDED = "as_recorded"


def raw_as_recorded(table: str, *, partitioned: bool) -> CheckKind:
    """Return the check of a raw file: the file that DVC recorded, column for column."""
    check = CheckSpec(
        AS_RECORDED, "The file is the one that DVC recorded; otherwise the columns that changed are named."
    )
    return CheckKind("stored", f"raw_{table}", (check,), partial(_raw, table=table), True, partitioned)


def _raw(step: Step, *, table: str) -> Iterator[Outcome]:
    from ml_platform.stores.parquet import compare_fingerprints, fingerprint

    artifact = step.model.table_artifact("raw", table, step.partition)
    recorded = Manifest.model_validate(step.stores.documents.read(artifact))
    changed = _changed(step, table, artifact.partition, recorded.version)
    if changed is None:
        yield Outcome(
            AS_RECORDED,
            True,
            f"{step.stores.raw.where(table, artifact.partition)}: {recorded.n_rows:,} rows, MD5 {recorded.version}",
        )
        return
    content = step.stores.raw.load(table, artifact.partition, verify=False)
    lines = compare_fingerprints(recorded.columns, fingerprint(content), recorded.n_rows, content.num_rows)
    yield Outcome(AS_RECORDED, False, "; ".join([changed, *lines]))


def _changed(step: Step, table: str, partition: str | None, materialized: str) -> str | None:
    """Return how a file differs from the one that DVC recorded, or else from the one that was materialized."""
    try:
        file = step.stores.raw.verify(table, partition)
    except DataError as error:
        return str(error)
    return None if file.md5 == materialized else f"{file.where} has MD5 {file.md5}, but {materialized} was materialized"


def table_as_recorded(asset: str, *, partitioned: bool = True) -> CheckKind:
    """Return the check of a table that the platform stores."""
    check = CheckSpec(
        AS_RECORDED, "The stored table is what was recorded; otherwise the columns that changed are named."
    )
    return CheckKind(
        "stored", asset, (check,), partial(_table, asset=asset, partitioned=partitioned), False, partitioned
    )


def _table(step: Step, *, asset: str, partitioned: bool) -> Iterator[Outcome]:
    artifact = step.model.artifact(asset, step.partition if partitioned else None)
    manifest = step.stores.tables.require(artifact)
    file = step.stores.tables.where(artifact, manifest.version)
    lines = step.stores.tables.differences(artifact)
    message = "; ".join(lines) or f"{manifest.n_rows:,} rows, {len(manifest.columns)} columns as recorded"
    yield Outcome(AS_RECORDED, not lines, f"{file}: {message}")
