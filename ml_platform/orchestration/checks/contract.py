"""Does a raw file satisfy its contract? The stored result guards every later use of the file."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import dagster as dg

from ml_platform.contract import CheckResult, ValidationResult
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

SHOWN_ROWS = 10
"""Failing rows of a check that are listed."""

SEVERITIES = {"warning": dg.AssetCheckSeverity.WARN, "error": dg.AssetCheckSeverity.ERROR}


def contract_checks(model: Model, table: str, *, partitioned: bool) -> CheckKind:
    """Return one check per column and per table rule of a contract."""
    contract = model.contracts[table]
    promised = contract.partitioned_checks if partitioned and model.spec.partitions else contract.checks
    rules = tuple(Rule(c.name, c.description, c.severity == "warning", c.column) for c in promised)
    return CheckKind(f"raw_{table}", rules, partial(_validate, table=table), True, partitioned)


def _validate(model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str) -> Iterator[Outcome]:
    from ml_platform.pipeline.validation import validate_table

    result = validate_table(model, stores, partition, run, table=table)
    page = dg.MetadataValue.url(stores.reports.address(model.table_artifact("contract", table, partition)))
    expected = {check.name: check.description for check in model.contracts[table].partitioned_checks}
    for found in result.check_results:
        metadata: dict[str, Any] = {"rows_failed": found.n_failed, "report": page}
        if not found.passed:
            metadata |= {"expected": expected[found.check], **_failing_rows(found, result)}
        yield Outcome(found.check, found.passed, found.message, SEVERITIES[found.severity], metadata)


def _failing_rows(found: CheckResult, result: ValidationResult) -> dict[str, Any]:
    """Return the first rows that break the rules on a column's values, and why; nothing for other checks."""
    rejected = result.rejected
    rows = rejected[rejected["column"] == found.column].head(SHOWN_ROWS)
    if rows.empty or not found.check.startswith("column_"):
        return {}
    lines = ([f"{row:,}", reason] for row, reason in zip(rows["row"], rows["reason"], strict=True))
    return {"failing_rows": markdown_table(["row", "reason"], lines)}
