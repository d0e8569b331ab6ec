"""Features and predictions that do not keep their interface contracts are not used further."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome
from ml_platform.orchestration.checks.interfaces import features_checks, input_checks, predictions_checks
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.predictions import INPUT_VALIDATION
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores
from ml_platform_tests.place import Place


def evaluate(kind: CheckKind, model: Model, stores: Stores) -> dict[str, Outcome]:
    found = {outcome.check: outcome for outcome in kind.body(model, stores, None, RunContext())}
    assert set(found) == {rule.check for rule in kind.rules}
    return found


def failed(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.message for name, outcome in outcomes.items() if not outcome.passed}


def test_what_the_loop_has_made_keeps_every_rule(small: Place, tumours: Model) -> None:
    for kind, blocking in ((features_checks(tumours), True), (predictions_checks(tumours), True)):
        assert kind.blocking == blocking
        assert failed(evaluate(kind, tumours, small.stores)) == {}
    assert evaluate(predictions_checks(tumours), tumours, small.stores)["one_per_row"].message == (
        "569 predictions for 569 rows of features"
    )


@pytest.mark.parametrize("asset", ["features", "predictions"])
def test_a_key_that_comes_twice_fails(small_copy: Place, tumours: Model, asset: str) -> None:
    artifact, tables = tumours.artifact(asset, None), small_copy.stores.tables
    inputs, frame = tables.require(artifact).inputs, tables.read(artifact)
    tables.write(artifact, frame.assign(row=frame["row"].where(frame["row"] != 1, 0)), inputs=inputs)
    kind = {"features": features_checks, "predictions": predictions_checks}[asset](tumours)
    found = failed(evaluate(kind, tumours, small_copy.stores))
    assert "row" in found["key"]
    assert "2" in found["key"]


def test_a_row_without_a_prediction_fails(small_copy: Place, tumours: Model) -> None:
    artifact, tables = tumours.artifact("predictions", None), small_copy.stores.tables
    tables.write(artifact, tables.read(artifact).head(568), inputs=tables.require(artifact).inputs)
    found = failed(evaluate(predictions_checks(tumours), tumours, small_copy.stores))
    assert found == {"one_per_row": "568 predictions for 569 rows of features"}


def test_rows_unlike_the_training_are_a_warning_that_blocks_nothing(small: Place, tumours: Model) -> None:
    document: dict[str, Any] = small.stores.documents.read(tumours.artifact(INPUT_VALIDATION, None))
    first = document["check_results"][0]
    first |= {"passed": False, "severity": "warning", "message": "mean_area: 3 rows above 2,501"}
    stores = cast(Stores, SimpleNamespace(documents=SimpleNamespace(read=lambda _artifact: document)))
    (outcome,) = evaluate(input_checks(), tumours, stores).values()
    assert (outcome.passed, outcome.severity.value) == (False, "WARN")
    assert (outcome.message, outcome.metadata) == ("mean_area: 3 rows above 2,501", {"columns": 1})
    assert not input_checks().blocking
