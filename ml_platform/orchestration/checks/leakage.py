"""Does the training set know what it is to predict? Blocking: no model is trained on rows that leak."""

from collections.abc import Iterator

from ml_platform.leakage.report import LeakageCheckResult
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

LEAKAGE = "leakage"


def leakage_checks(model: Model) -> CheckKind:
    """Return the check of a training set."""
    settings = model.spec.leakage
    rule = Rule(
        LEAKAGE,
        f"No feature alone reaches an AUC of {settings.max_single_feature_auc}, is a function of the target, or is "
        "filled together with the outcome; parts share no row and no group, and follow each other in time.",
    )
    return CheckKind("training_set", (rule,), _find, blocking=True)


def _find(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.leakage import report_leakage

    report = report_leakage(model, stores, partition, run)
    results = sorted(report.results, key=lambda result: (not result.failed, not result.leaks))
    table = markdown_table(["what", "score", "at most", "result", "measured"], map(_line, results))
    metadata = {"results": table, "measured": len(results), "leaks": len(report.failed)}
    yield Outcome(LEAKAGE, report.passed, report.message, metadata=metadata)


def _line(result: LeakageCheckResult) -> list[str]:
    outcome = "leaks" if result.failed else f"accepted: {result.accepted}" if result.leaks else "ok"
    return [result.subject, f"{result.score:.3g}", f"{result.bound:g}", outcome, result.measured]
