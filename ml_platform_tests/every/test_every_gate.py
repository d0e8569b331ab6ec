"""Every entry of GATES stays closed when it cannot tell, and answers the same question the same way."""

import inspect
import math
from typing import Any

import numpy as np
import pytest

from ml_platform.choices import validate_options
from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import GATES, REQUIRED
from ml_platform_tests.promotion.evidence import N_ROWS, champion, gathered, noisy, truth

Y, P = truth()
GOOD = gathered(Y, P, champion(noisy(P, 1.0)))
OPTIONS: dict[str, Any] = {"metric": "roc_auc", "tolerance": 0.01, "margin": 0.0}


def ask(name: str, evidence: Evidence, **changed: Any) -> bool:
    taken = inspect.signature(GATES[name]).parameters
    options = {key: value for key, value in {**OPTIONS, **changed}.items() if key in taken}
    validate_options(GATES[name], options, f"gate '{name}'")
    result = GATES[name](evidence, **options)
    assert result.gate == name
    assert result.reason
    return result.passed


def changed(evidence: Evidence, **comparison: Any) -> Evidence:
    """The same evidence with entries of both comparisons replaced."""
    document = evidence.model_dump()
    for which in ("baseline", "champion"):
        document[which].update(comparison)
    return Evidence.from_document(document)


@pytest.mark.parametrize("name", GATES)
def test_a_good_candidate_passes(name: str) -> None:
    assert ask(name, GOOD)


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize(
    "comparison",
    [
        pytest.param({"n_rows": 0, "class_counts": {}}, id="empty"),
        pytest.param({"n_rows": 1, "class_counts": {"1": 1}}, id="one row"),
        pytest.param({"class_counts": {"0": N_ROWS, "1": 0}}, id="one class"),
        pytest.param({"gain": {}, "candidate": {}, "other": {}}, id="nothing evaluated"),
        pytest.param({"gain": {"roc_auc": {"value": None, "low": None, "high": None}}}, id="null"),
        pytest.param({"gain": {"roc_auc": {"value": math.nan, "low": math.nan, "high": math.nan}}}, id="NaN"),
        pytest.param({"gain": {"roc_auc": {"value": math.inf, "low": math.inf, "high": math.inf}}}, id="infinite"),
        pytest.param({"candidate": {"roc_auc": {"value": None, "low": None, "high": None}}}, id="candidate NaN"),
        pytest.param({"gain": {"roc_auc": {"value": -0.4, "low": 0.1, "high": 0.2}}}, id="contradiction"),
    ],
)
def test_a_gate_that_cannot_tell_stays_closed(name: str, comparison: dict[str, Any]) -> None:
    assert not ask(name, changed(GOOD, **comparison))


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("metric", ["roc_auc", "brier_score"])
@pytest.mark.parametrize("scores", [np.full(N_ROWS, 0.5), 1 - P], ids=["constant", "upside down"])
def test_a_useless_candidate_is_stopped(name: str, metric: str, scores: np.ndarray) -> None:
    assert not ask(name, gathered(Y, scores, champion(P)), metric=metric)


@pytest.mark.parametrize("name", GATES)
def test_the_same_evidence_gives_the_same_result(name: str) -> None:
    again = gathered(Y, P, champion(noisy(P, 1.0)))
    options = {k: v for k, v in OPTIONS.items() if k in inspect.signature(GATES[name]).parameters}
    assert GATES[name](GOOD, **options) == GATES[name](again, **options)


def test_required_gates_exist() -> None:
    assert set(REQUIRED) <= set(GATES)
