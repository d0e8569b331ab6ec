"""The UI shows a decision with the reason of every gate, and the champion with the hash of its model."""

from __future__ import annotations

from ml_platform.orchestration.asset_kind import DATA_VERSION
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import materialization, metadata
from ml_platform_tests.place import Place


def test_each_gate_is_a_line_with_its_reason(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/decision")
    assert (shown["decision"], shown["version"]) == ("promote", "1")
    reasons = small.stores.documents.read(tumours.artifact("decision", None))["reasons"]
    lines = shown["gates"].splitlines()[2:]
    assert [line.split(" | ")[:2] for line in lines] == [[f"| {gate}", "yes"] for gate, _ in tumours.spec.gates.items()]
    assert len(lines) == len(reasons)
    assert all(reason.split(": ")[-1] in line for reason, line in zip(reasons, lines, strict=True))


def test_the_champion_is_the_one_of_ledger_and_registry(small: Place) -> None:
    shown, champion = metadata(small, "tumours/champion"), small.stores.registry.champion("tumours")
    assert champion is not None
    promoted = small.stores.ledger("tumours").champion()
    assert promoted is not None
    assert (shown["version"], shown["previous_version"]) == (champion.version, "none")
    assert shown["onnx_sha256"] == promoted.onnx_sha256 == champion.onnx_sha256
    assert materialization(small, "tumours/champion").tags[DATA_VERSION] == champion.onnx_sha256
    assert shown["run_id"] == promoted.run_id
