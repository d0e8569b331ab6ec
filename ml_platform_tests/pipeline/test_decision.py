"""A decision is about one evaluation of one candidate, by the gates of the YAML; nothing can be exchanged."""

from __future__ import annotations

import pytest

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.champion import apply_decision
from ml_platform.pipeline.decision import decide_promotion
from ml_platform.pipeline.evaluation import evaluate
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_model

MONTH = "2013-01"


def test_what_is_bound_together_cannot_be_exchanged(mine: Place) -> None:
    model, stores = quick_model(), mine.stores
    evaluation, candidate = (ArtifactKey("flights", asset, MONTH) for asset in ("evaluation", "candidate"))
    measured, trained = stores.documents.read(evaluation), stores.documents.read(candidate)
    inputs = stores.documents.require(evaluation).inputs
    stores.documents.write(evaluation, {**measured, "seed": 2}, inputs=inputs)
    with pytest.raises(UncheckedData, match="about an older evaluation or other gates"):
        apply_decision(model, stores, MONTH, RunContext())
    (failed, *_) = mine.check("flights/decision", MONTH)
    assert failed.status == "failed"
    assert "older evaluation" in failed.message
    stores.documents.write(
        candidate, {**trained, "onnx_sha256": "0" * 64}, inputs=stores.documents.require(candidate).inputs
    )
    with pytest.raises(UncheckedData, match="about an older candidate"):
        decide_promotion(model, stores, MONTH, RunContext())
    stores.documents.write(candidate, trained, inputs={"flights/features/2013-01": "other rows"})
    with pytest.raises(UncheckedData, match="was trained on older rows"):
        evaluate(model, stores, MONTH, RunContext())


def test_a_promotion_is_two_entries_about_the_same_candidate(loop: Loop) -> None:
    registered, promoted = loop.stores.ledger("tumours").entries()
    assert (registered.action, promoted.action) == ("registered", "promoted")
    assert (promoted.version, promoted.previous_champion, promoted.dagster_run_id) == ("1", None, "by hand")
    candidate = loop.made["train_candidate"].document
    assert promoted.onnx_sha256 == registered.onnx_sha256 == candidate["onnx_sha256"]
    assert candidate["files"].items() <= promoted.files.items()
    assert promoted.files["evaluation.json"] == loop.made["evaluate"].manifest.version
