"""Do features and predictions keep their contracts? Blocking: what does not is not used further."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import dagster as dg

from ml_platform.contract import Contract, Verdict, evaluate
from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.boundaries import features_contract, predictions_contract
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.orchestration.model import Model

INPUT_VERDICT = "input_verdict"
"""Leaf of the verdict on what the champion was asked with."""

ONE_PER_ROW = CheckSpec("one_per_row", "There is one prediction for each row of the features, in the same order.")
LIKE_TRAINING = CheckSpec(
    "input_like_training",
    "Every feature lies in what the champion saw in training: a warning, since the world may change.",
)


def features_checks(model: Model) -> CheckKind:
    """Return the checks of a partition's features."""
    contract = features_contract(model)
    return CheckKind("contract", "features", _specs(contract), partial(_features, contract=contract), blocking=True)


def predictions_checks(model: Model) -> CheckKind:
    """Return the checks of a partition's predictions."""
    contract = predictions_contract(model)
    checks = (*_specs(contract), ONE_PER_ROW)
    return CheckKind("contract", "predictions", checks, partial(_predictions, contract=contract), blocking=True)


def input_checks() -> CheckKind:
    """Return the check that scored rows are like those of the training."""
    return CheckKind("input", "predictions", (LIKE_TRAINING,), _like_training, blocking=False)


def _specs(contract: Contract) -> tuple[CheckSpec, ...]:
    return tuple(CheckSpec(check.name, check.description) for check in contract.checks)


def _features(step: Step, *, contract: Contract) -> Iterator[Outcome]:
    slot = step.slot("features")
    yield from _outcomes(evaluate(contract, step.stores.tables.read(slot), file=str(slot)))


def _predictions(step: Step, *, contract: Contract) -> Iterator[Outcome]:
    tables, slot, key = step.stores.tables, step.slot("predictions"), list(step.model.spec.entity.key)
    predictions = tables.read(slot)
    yield from _outcomes(evaluate(contract, predictions, file=str(slot)))
    rows = tables.read(step.slot("features"), key)
    message = f"{len(predictions):,} predictions for {len(rows):,} rows of features"
    yield Outcome(ONE_PER_ROW.name, rows.equals(predictions[key]), message)


def _outcomes(verdict: Verdict) -> Iterator[Outcome]:
    for finding in verdict.findings:
        yield Outcome(finding.check, finding.passed, finding.message, metadata={"rows_failed": finding.n_failed})


def _like_training(step: Step) -> Iterator[Outcome]:
    verdict = Verdict.from_document(step.stores.documents.read(step.slot(INPUT_VERDICT)))
    unlike = [finding.message for finding in verdict.warnings]
    message = "; ".join(unlike) or f"{verdict.n_rows:,} rows within what training has seen"
    yield Outcome(LIKE_TRAINING.name, not unlike, message, dg.AssetCheckSeverity.WARN, {"columns": len(unlike)})
