"""Gates cannot be left out, misspelt, or wired open in YAML."""

from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.errors import SpecError
from ml_platform.promotion.settings import Gates

GOOD: dict[str, Any] = {
    "beats_baseline": {"metric": "roc_auc"},
    "not_worse_than_champion": {"metric": "roc_auc", "tolerance": 0.01},
}


def test_the_gates_of_the_reference_models_are_read_in_order() -> None:
    assert dict(Gates.model_validate(GOOD).items()) == GOOD


@pytest.mark.parametrize("block", [{}, {"beats_baseline": {"metric": "roc_auc"}}])
def test_a_model_without_the_required_gates_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"missing gates: .*not_worse_than_champion"):
        Gates.model_validate(block)


@pytest.mark.parametrize(
    ("gate", "options", "message"),
    [
        ("beats_basline", {"metric": "roc_auc"}, r"gate 'beats_basline' does not exist.*Did you mean 'beats_baseline'"),
        ("beats_baseline", None, "gate 'beats_baseline' needs the option 'metric'"),
        ("beats_baseline", {"metric": "roc_auc", "margn": 0.1}, "has no option 'margn'.*Did you mean 'margin'"),
        ("beats_baseline", {"metric": "roc_auc", "margin": -1.0}, "option 'margin': .*greater than or equal to 0"),
        ("beats_baseline", {"metric": "roc_auc", "min_rows": 0}, "option 'min_rows': .*greater than or equal to 2"),
        ("not_worse_than_champion", {"metric": "roc_auc"}, "needs the option 'tolerance'"),
        ("not_worse_than_champion", {"metric": "roc_auc", "tolerance": float("inf")}, "option 'tolerance': .*finite"),
        ("not_worse_than_champion", {"metric": "roc_auc", "tolerance": "0.1"}, "option 'tolerance': .*number"),
        ("not_worse_than_champion", {"metric": ["roc_auc"], "tolerance": 0.1}, "option 'metric': .*string"),
    ],
)
def test_a_gate_that_is_wrong_or_wired_open_is_refused(gate: str, options: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Gates.model_validate({**GOOD, gate: options})


def test_a_gate_on_a_metric_that_is_not_evaluated_is_refused() -> None:
    Gates.model_validate(GOOD).validate_metrics(["roc_auc"])
    with pytest.raises(SpecError, match="gate 'beats_baseline': metric 'roc_auc' is not among those evaluated"):
        Gates.model_validate(GOOD).validate_metrics(["log_loss"])
