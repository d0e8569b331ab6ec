"""Does the training set know what it is to predict? Blocking: no model is trained on rows that leak."""

from __future__ import annotations

from collections.abc import Iterator

from ml_platform.leakage.report import LeakageCheckResult
from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.leakage import find_and_store
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.training_rows import load_training_rows

LEAKAGE = "leakage"


def leakage_checks(model: Model) -> CheckKind:
    """Return the check of a training set."""
    settings = model.spec.leakage
    check = CheckSpec(
        LEAKAGE,
        f"No feature alone reaches an AUC of {settings.max_single_feature_auc}, is a function of the target, or is "
        "filled together with the outcome; parts share no row and no group, and follow each other in time.",
    )
    return CheckKind(LEAKAGE, "training_set", (check,), _find, blocking=True)


def _find(step: Step) -> Iterator[Outcome]:
    report = find_and_store(step, load_training_rows(step.model, step.stores, step.partition))
    results = sorted(report.results, key=lambda result: (not result.failed, not result.leaks))
    table = markdown_table(["what", "score", "at most", "result", "measured"], map(_line, results))
    metadata = {"results": table, "measured": len(results), "leaks": len(report.failed)}
    yield Outcome(LEAKAGE, report.passed, report.message, metadata=metadata)


def _line(result: LeakageCheckResult) -> list[str]:
    outcome = "leaks" if result.failed else f"accepted: {result.accepted}" if result.leaks else "ok"
    return [result.subject, f"{result.score:.3g}", f"{result.bound:g}", outcome, result.measured]
