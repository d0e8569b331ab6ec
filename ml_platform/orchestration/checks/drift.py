"""Has a column moved? A warning or an error, which stops nothing: the sensor decides what follows."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.reference import profiled_kinds

SEVERITIES = {"warning": dg.AssetCheckSeverity.WARN, "critical": dg.AssetCheckSeverity.ERROR}


def drift_checks(model: Model) -> CheckKind:
    """Return one check per feature, and one per column of the predictions."""
    limits = f"a PSI of {model.spec.drift.warning} is a warning, {model.spec.drift.critical} an error"
    checks = tuple(
        CheckSpec(check_name(column), f"{column} is distributed as in the reference: {limits}, when it is significant.")
        for column in profiled_kinds(model)
    )
    return CheckKind("psi", "drift", checks, _levels, blocking=False)


def check_name(column: str) -> str:
    """Return the name of a column's check."""
    return f"psi_{column}"


def _levels(step: Step) -> Iterator[Outcome]:
    from ml_platform.drift.report import DriftReport

    report = DriftReport.from_document(step.stores.documents.read(step.artifact("drift")))
    for column in report.columns:
        severity = SEVERITIES.get(column.level)
        metadata = {"psi": column.value, "level": column.level}
        yield Outcome(
            check_name(column.column),
            severity is None,
            column.message,
            severity or dg.AssetCheckSeverity.WARN,
            metadata,
        )
