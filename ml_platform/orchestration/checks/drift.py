"""Has a column drifted? A warning or an error, which stops nothing: the sensor decides what follows."""

from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

SEVERITIES = {"warning": dg.AssetCheckSeverity.WARN, "critical": dg.AssetCheckSeverity.ERROR}


def drift_checks(model: Model) -> CheckKind:
    """Return one check per feature, and one per column of the predictions."""
    limits = f"a PSI of {model.spec.drift.warning} is a warning, {model.spec.drift.critical} an error"
    promise = f"is distributed as in the reference: {limits}, when it is significant."
    rules = tuple(Rule(f"psi_{column}", f"{column} {promise}", column=column) for column in model.profiled_kinds)
    return CheckKind("drift", rules, _levels, blocking=False)


def _levels(model: Model, stores: Stores, partition: str | None, _run: RunContext) -> Iterator[Outcome]:
    from ml_platform.drift.report import DriftReport

    report = DriftReport.from_document(stores.documents.read(model.artifact("drift", partition)))
    for found in report.columns:
        severity, metadata = SEVERITIES.get(found.level), {"psi": found.value, "level": found.level}
        passed, shown = severity is None, severity or dg.AssetCheckSeverity.WARN
        yield Outcome(f"psi_{found.column}", passed, found.message, shown, metadata)
