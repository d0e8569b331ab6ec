"""A raw file against its contract. The stored result guards every later use of the file."""

from datetime import datetime

from ml_platform.contract import ValidationResult
from ml_platform.page.render import HOME
from ml_platform.pipeline.freshness import reference_versions
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import kept_document
from ml_platform.stores.git import code_version
from ml_platform.stores.reports import dagster_path, data_docs_path
from ml_platform.stores.stores import Stores

AS_OF = "as of"
"""Input of a validation that depends on the time: the instant that ages are counted to."""


def validate_table(
    model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str
) -> ValidationResult:
    """Validate a raw file against its contract; store the result, the rows to quarantine, and a page about it."""
    artifact = model.table_artifact("validation", table, partition)
    rejected = model.table_artifact("rejected", table, partition)
    stores.documents.require(model.table_artifact("raw", table, partition))
    as_of = end_or_now(model.ends_at(artifact.partition), run.now())
    inputs = _inputs(model, stores, partition, table, as_of)
    page = model.table_artifact("contract", table, partition)
    if found := stores.tables.read_made_from(rejected, inputs):
        stored, rows = found
        with_rows = {**inputs, "rejected": stored.version}
        if kept := kept_document(stores, artifact, with_rows, run, keep_if=lambda _: stores.reports.exists(page)):
            document = {name: value for name, value in kept.document.items() if name != "passed"}
            return ValidationResult.from_document(document, rows)
    from ml_platform.contract.page import render_page

    result = _validate(model, stores, partition, table, as_of)
    stored = stores.tables.write(rejected, result.rejected, inputs=inputs, run_id=run.run_id)
    document = {**result.to_document(), "passed": result.passed}
    stores.documents.write(artifact, document, inputs={**inputs, "rejected": stored.version}, run_id=run.run_id)
    run.fresh.clear()
    html = render_page(
        model.contracts[table],
        result,
        model=model.name,
        partition=artifact.partition,
        made_at=run.now(),
        links={f"raw_{table} in Dagster": HOME + dagster_path(model.table_artifact("raw", table, partition))},
        data_docs=HOME + data_docs_path(page),
    )
    stores.reports.write(page, html.encode())
    return result


def end_or_now(end: datetime | None, now: datetime) -> datetime:
    """Return the instant that the age of a partition is counted to: its end, or now while it lasts."""
    return now if end is None else min(end, now)


def _inputs(model: Model, stores: Stores, partition: str | None, table: str, as_of: datetime) -> dict[str, str]:
    return {
        "raw": stores.raw.hash(table, model.spec.partition_of(table, partition)),
        "contract": model.contract_version(table),
        "code": code_version("contract"),
        **({AS_OF: as_of.isoformat()} if model.contracts[table].needs_now else {}),
        **reference_versions(model, stores, table, partition),
    }


def _validate(model: Model, stores: Stores, partition: str | None, table: str, as_of: datetime) -> ValidationResult:
    from ml_platform.contract.validation import validate

    contract, own = model.contracts[table], model.spec.partition_of(table, partition)
    references = {
        other: stores.raw.scan(other, model.spec.partition_of(other, partition)) for other in contract.referenced_tables
    }
    return validate(
        contract,
        stores.raw.scan(table, own),
        file=stores.raw.where(table, own),
        window=model.contract_window(table, partition),
        references=references,
        now=as_of,
    )
