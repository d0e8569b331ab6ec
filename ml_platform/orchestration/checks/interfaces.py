"""Do features and predictions satisfy their interface contracts? Blocking: what does not is not used further."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.contract import Contract, ValidationResult
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.interfaces import features_contract, predictions_contract
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

ONE_PER_ROW = Rule("one_per_row", "There is one prediction for each row of the features, in the same order.")
LIKE_TRAINING = Rule(
    "input_like_training",
    "The values of every feature are within what the champion has seen in training. A warning: the world may change.",
)


def features_checks(model: Model) -> CheckKind:
    """Return the checks of a partition's features."""
    return CheckKind("features", _rules(features_contract(model)), _features, blocking=True)


def predictions_checks(model: Model) -> CheckKind:
    """Return the checks of a partition's predictions."""
    rules = (*_rules(predictions_contract(model)), ONE_PER_ROW)
    return CheckKind("predictions", rules, _predictions, blocking=True)


def input_checks() -> CheckKind:
    """Return the check that scored rows are like those of the training."""
    return CheckKind("predictions", (LIKE_TRAINING,), _like_training, blocking=False)


def _rules(contract: Contract) -> tuple[Rule, ...]:
    return tuple(Rule(check.name, check.description, column=check.column) for check in contract.checks)


def _features(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.interface_validation import validate_features

    yield from _outcomes(validate_features(model, stores, partition, run))


def _predictions(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.interface_validation import count_rows_and_predictions, validate_predictions

    yield from _outcomes(validate_predictions(model, stores, partition, run))
    same, n_rows, n_predictions = count_rows_and_predictions(model, stores, partition)
    yield Outcome(ONE_PER_ROW.check, same, f"{n_predictions:,} predictions for {n_rows:,} rows of features")


def _outcomes(result: ValidationResult) -> Iterator[Outcome]:
    for found in result.check_results:
        yield Outcome(found.check, found.passed, found.message, metadata={"rows_failed": found.n_failed})


def _like_training(model: Model, stores: Stores, partition: str | None, _run: RunContext) -> Iterator[Outcome]:
    from ml_platform.pipeline.unlike_training import unlike_training

    n_rows, unlike = unlike_training(model, stores, partition)
    names = ", ".join(dict.fromkeys(one.feature for one in unlike))
    n_features = len({one.feature for one in unlike})
    message = f"{n_features} of {len(model.kinds)} features have values that training has not seen: {names}"
    rows = ([one.feature, f"{one.n_rows:,}", f"{one.n_rows / n_rows:.2%}", one.seen, one.found] for one in unlike)
    metadata: dict[str, Any] = {"features": n_features, "rows": n_rows}
    if unlike:
        metadata["unlike_training"] = markdown_table(["feature", "rows", "share", "training has seen", "found"], rows)
    passed = f"All {n_rows:,} rows are within what training has seen"
    yield Outcome(LIKE_TRAINING.check, not unlike, message if unlike else passed, dg.AssetCheckSeverity.WARN, metadata)
