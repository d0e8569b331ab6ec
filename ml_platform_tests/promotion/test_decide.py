"""A candidate is promoted when every gate passes, and all reasons are told when one does not."""

import json

from ml_platform.promotion.decide import decide
from ml_platform.promotion.settings import Gates
from ml_platform_tests.promotion.evidence import champion, gathered, noisy, truth

Y, P = truth()
GATES = Gates.model_validate(
    {
        "beats_baseline": {"metric": "roc_auc"},
        "not_worse_than_champion": {"metric": "roc_auc", "tolerance": 0.01},
    }
)


def test_a_good_candidate_is_promoted() -> None:
    decision = decide(gathered(Y, P, champion(noisy(P, 1.0))), GATES)
    assert decision.promote
    assert [result.passed for result in decision.results] == [True, True]


def test_one_closed_gate_is_enough_and_every_reason_is_told() -> None:
    decision = decide(gathered(Y, noisy(P, 2.0), champion(P)), GATES)
    assert not decision.promote
    assert decision.reasons[0].startswith("beats_baseline passed: roc_auc 0.")
    assert decision.reasons[1].startswith("not_worse_than_champion FAILED: roc_auc 0.")


def test_a_decision_is_json_and_repeats() -> None:
    first, again = (json.dumps(decide(gathered(Y, P), GATES).to_document(), allow_nan=False) for _ in range(2))
    assert first == again
