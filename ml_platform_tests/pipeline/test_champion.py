"""A decision makes a champion only while the champion that it was about is still one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml_platform.errors import ChampionChanged
from ml_platform.pipeline.champion import apply_decision
from ml_platform.pipeline.decision import decide_promotion, load_decision
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_model

MONTH = "2013-01"


def test_another_champion_is_compared_with_anew_and_an_older_decision_does_not_replace_it(mine: Place) -> None:
    model, stores, run = quick_model(), mine.stores, RunContext()
    first = load_decision(model, stores, MONTH)
    candidate = stores.documents.read(ArtifactKey("flights", "candidate", MONTH))
    onnx = stores.runs.load_candidate(candidate["run_id"], candidate["onnx_sha256"])
    frame = stores.tables.read(ArtifactKey("flights", "features", MONTH))[list(model.kinds)].head(2)
    record = stores.runs.log_candidate(model="flights", onnx=onnx + b"\x7a\x00", input_example=frame)
    other = stores.registry.register("flights", run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    (promoted,) = [entry for entry in stores.ledger("flights").entries() if entry.action == "promoted"]
    stores.ledger("flights").promote(
        replace(promoted, version=other, onnx_sha256=record.onnx_sha256), expected_champion="1"
    )
    stores.registry.promote("flights", other)
    with pytest.raises(ChampionChanged, match=f"compared with no champion, but version {other} is champion by now"):
        apply_decision(model, stores, MONTH, run)
    assert stores.registry.champion("flights").version == other  # type: ignore[union-attr]
    assert first.document["version"] == "1"


def test_behind_a_rejected_candidate_the_champion_stays_and_the_reason_stands_with_it(mine: Place) -> None:
    stores, said = mine.stores, list[str]()
    model, run = quick_model(margin=0.9), RunContext("second", said.append)
    decided = decide_promotion(model, stores, MONTH, run)
    assert not decided.document["promote"]
    before = stores.ledger("flights").champion()
    for applied in (apply_decision(model, stores, MONTH, run), apply_decision(model, stores, MONTH, RunContext())):
        assert applied is not None
        assert applied.document["version"] == "1"
        (why,) = applied.document["rejected"]
        assert why.startswith("beats_baseline: roc_auc ")
    assert "was rejected; version 1 stays champion. beats_baseline: roc_auc " in said[-1]
    assert stores.ledger("flights").champion() == before
    assert [entry.action for entry in stores.ledger("flights").entries()] == ["registered", "promoted", "rejected"]


def test_the_champion_is_promoted_once(loop: Loop) -> None:
    assert not loop.made["apply_decision"].kept
    entries = loop.stores.ledger("tumours").entries()
    again = loop.again(apply_decision)
    assert (again.kept, again.document["version"]) == (True, "1")
    assert loop.stores.ledger("tumours").entries() == entries
