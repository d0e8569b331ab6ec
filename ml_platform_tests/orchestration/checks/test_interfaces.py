"""Features and predictions that do not keep their interface contracts are not used further."""

from __future__ import annotations

import pytest

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome
from ml_platform.orchestration.checks.interfaces import features_checks, input_checks, predictions_checks
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.unlike_training import UnlikeTraining
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


def test_rows_unlike_the_training_are_a_warning_in_a_short_sentence_with_a_table(
    small: Place, tumours: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlike = [UnlikeTraining("mean_area", 3, "143.5 … 2,501", "2,510 … 2,600")]
    monkeypatch.setattr("ml_platform.pipeline.unlike_training.unlike_training", lambda *_: (569, unlike))
    (outcome,) = evaluate(input_checks(), tumours, small.stores).values()
    assert (outcome.passed, outcome.severity.value) == (False, "WARN")
    assert outcome.message == "1 of 10 features have values that training has not seen: mean_area"
    assert "| mean_area | 3 | 0.53% | 143.5 … 2,501 | 2,510 … 2,600 |" in outcome.metadata["unlike_training"].value
    assert not input_checks().blocking


def test_rows_like_the_training_pass(small: Place, tumours: Model) -> None:
    (outcome,) = evaluate(input_checks(), tumours, small.stores).values()
    assert outcome.passed
    assert outcome.message == "All 569 rows are within what training has seen"
