"""Does a raw file keep its contract? The validation is stored, and guards every later use of the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from dagster import AssetCheckSeverity, UrlMetadataValue

from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.pipeline.freshness import reference_versions
from ml_platform.pipeline.model import Model

if TYPE_CHECKING:
    from ml_platform.contract import ValidationResult


def contract_checks(model: Model, table: str, *, partitioned: bool) -> CheckKind:
    """Return one check per column and per table rule of a contract."""
    contract = model.contracts[table]
    promised = contract.partitioned_checks if partitioned and model.spec.partitions else contract.checks
    checks = tuple(CheckSpec(check.name, check.description, check.severity == "warning") for check in promised)
    return CheckKind("contract", f"raw_{table}", checks, partial(_evaluate, table=table), True, partitioned)


def _evaluate(step: Step, *, table: str) -> Iterator[Outcome]:
    validation = judge(step, table)
    docs = write_data_docs(step, table, validation)
    for check_result in validation.check_results:
        severity = AssetCheckSeverity.WARN if check_result.severity == "warning" else AssetCheckSeverity.ERROR
        metadata = {"rows_failed": check_result.n_failed, "data_docs": docs}
        yield Outcome(check_result.check, check_result.passed, check_result.message, severity, metadata)


def write_data_docs(step: Step, table: str, validation: ValidationResult) -> UrlMetadataValue:
    """Store Great Expectations' page about a validation, and return its address."""
    from ml_platform.contract import data_docs_page

    partition = step.model.spec.partition_of(table, step.partition)
    title = " ".join(["The contract of", table, partition or ""]).strip()
    page = data_docs_page(validation, title=title, made_at=step.now())
    return UrlMetadataValue(step.stores.reports.write(step.model.name, f"contract_{table}", partition, page.encode()))


def judge(step: Step, table: str) -> ValidationResult:
    """Hold the raw file against its contract, and store the validation with the rows to quarantine."""
    from ml_platform.contract import evaluate

    model, stores = step.model, step.stores
    artifact = model.table_artifact("validation", table, step.partition)
    stores.documents.require(model.table_artifact("raw", table, step.partition))
    contract, file = model.contracts[table], stores.raw.where(table, artifact.partition)
    md5 = stores.raw.hash(table, artifact.partition)
    frame = stores.raw.read(table, artifact.partition)
    window = model.contract_window(table, step.partition)
    versions = reference_versions(model, stores, table, step.partition)
    references = {
        other: stores.raw.read(other, model.spec.partition_of(other, step.partition))
        for other in contract.referenced_tables
    }
    now = as_of(model.ends_at(artifact.partition), datetime.now(UTC))
    validation = evaluate(contract, frame, file=file, window=window, references=references, now=now)
    inputs = {"raw": md5, "contract": model.contract_version(table), **versions}
    rejected = model.table_artifact("rejected", table, step.partition)
    stored = stores.tables.write(rejected, validation.rejected, inputs=inputs, run_id=step.run_id)
    inputs["rejected"] = stored.version
    stores.documents.write(
        artifact, {**validation.to_document(), "passed": validation.passed}, inputs=inputs, run_id=step.run_id
    )
    return validation


def as_of(end: datetime | None, now: datetime) -> datetime:
    """Return the moment that a partition's age is counted to: its end, or now while it lasts."""
    return now if end is None else min(end, now)
