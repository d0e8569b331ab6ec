"""Each gate is a check that says why it rejects a candidate, as a warning."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.orchestration.checks.gates import gate_checks
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform_tests.orchestration.shown import check_results
from ml_platform_tests.place import Place


@pytest.mark.parametrize("model", ["employment", "flights"])
def test_every_gate_is_a_check_that_stops_no_run(definitions: dg.Definitions, model: str) -> None:
    graph = definitions.resolve_asset_graph()
    gates = graph.get_check_keys_for_assets({dg.AssetKey([model, "decision"])})
    assert {key.name for key in gates} == {"gate_beats_baseline", "gate_not_worse_than_champion", "all_checks"}
    assert not any(graph.get_check_spec(key).blocking for key in gates)


def test_a_check_promises_what_the_yaml_says(tumours: Model) -> None:
    first, _ = gate_checks(tumours).rules
    assert first.description.startswith("Beats baseline: metric roc_auc, ")
    assert "min_rows 20" in first.description


def test_a_check_says_what_the_decision_says(small: Place, tumours: Model) -> None:
    found = check_results(small, "tumours/decision")
    assert {name: evaluation.passed for name, evaluation in found.items()} == {
        "gate_beats_baseline": True,
        "gate_not_worse_than_champion": True,
        "all_checks": True,
    }
    assert found["all_checks"].description == "2 of 2 hold"
    (_, no_champion) = gate_checks(tumours).body(tumours, small.stores, None, RunContext())
    assert no_champion.message == found["gate_not_worse_than_champion"].description == "there is no champion yet"
