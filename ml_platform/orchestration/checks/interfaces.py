"""Do features and predictions keep their contracts? Blocking: what does not is not used further."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import dagster as dg

from ml_platform.contract import Contract, ValidationResult
from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.check import CheckKind, CheckSpec, Outcome
from ml_platform.pipeline.interfaces import features_contract, predictions_contract
from ml_platform.pipeline.model import Model

INPUT_VALIDATION = "input_validation"
"""Asset of the validation on what the champion was asked with."""

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
    from ml_platform.contract.validation import validate

    artifact = step.artifact("features")
    yield from _outcomes(validate(contract, step.stores.tables.read(artifact), file=str(artifact)))


def _predictions(step: Step, *, contract: Contract) -> Iterator[Outcome]:
    from ml_platform.contract.validation import validate

    tables, artifact, key = step.stores.tables, step.artifact("predictions"), list(step.model.spec.entity.key)
    predictions = tables.read(artifact)
    yield from _outcomes(validate(contract, predictions, file=str(artifact)))
    rows = tables.read(step.artifact("features"), key)
    message = f"{len(predictions):,} predictions for {len(rows):,} rows of features"
    yield Outcome(ONE_PER_ROW.name, rows.equals(predictions[key]), message)


def _outcomes(validation: ValidationResult) -> Iterator[Outcome]:
    for check_result in validation.check_results:
        yield Outcome(
            check_result.check,
            check_result.passed,
            check_result.message,
            metadata={"rows_failed": check_result.n_failed},
        )


def _like_training(step: Step) -> Iterator[Outcome]:
    validation = ValidationResult.from_document(step.stores.documents.read(step.artifact(INPUT_VALIDATION)))
    unlike = [check_result.message for check_result in validation.warnings]
    message = "; ".join(unlike) or f"{validation.n_rows:,} rows within what training has seen"
    yield Outcome(LIKE_TRAINING.name, not unlike, message, dg.AssetCheckSeverity.WARN, {"columns": len(unlike)})
