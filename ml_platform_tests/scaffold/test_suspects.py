"""Columns that may know the outcome are found in their tier, and honest ones are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes, load_wine

from ml_platform.scaffold.suspects import additive_terms, find_suspects
from ml_platform_tests.scaffold.simulated import bikes, payroll, ship

RNG = np.random.default_rng(2)


def tiers(frame: pd.DataFrame, target: str, task: str) -> dict[str, str]:
    found = find_suspects(frame.drop(columns=target), frame[target], task)
    return {name: suspect.tier for name, suspect in found.items()}


def test_a_boat_and_the_prediction_of_another_model_are_suspicious() -> None:
    assert tiers(ship(), "survived", "binary") == {"boat": "suspicious", "y_pred_proba": "suspicious"}


def test_a_copy_is_nearly_certain_and_comes_first() -> None:
    frame = ship().assign(alive=lambda frame: frame["survived"].map({0: "no", 1: "yes"}))
    found = tiers(frame, "survived", "binary")
    assert next(iter(found)) == "alive"
    assert found["alive"] == "near-certain"


def test_the_name_of_a_prediction_is_suspicious_however_little_it_tells() -> None:
    frame = ship().assign(y_hat=RNG.random(1_300), predator=RNG.random(1_300))[["age", "y_hat", "predator", "survived"]]
    assert tiers(frame, "survived", "binary") == {"y_hat": "suspicious"}


def test_parts_that_add_up_to_the_target_are_suspicious() -> None:
    frame = bikes()
    found = tiers(frame.drop(columns=["dteday", "instant"]), "cnt", "regression")
    assert {"casual", "registered"} <= set(found)
    assert found["registered"] == "suspicious"
    assert not {"temp", "hr", "hum", "season"} & set(found)
    assert additive_terms(payroll().drop(columns=["total_pay", "resigned"]), payroll()["total_pay"]) == [
        "base_pay",
        "overtime_pay",
    ]


def test_weights_differences_and_missing_values_do_not_hide_a_sum() -> None:
    frame = pd.DataFrame(RNG.normal(size=(500, 4)), columns=list("abcd"))
    target = 0.5 * frame["a"] - 3 * frame["c"]
    assert additive_terms(frame.where(RNG.random(frame.shape) < 0.95), target) == ["a", "c"]


def test_sums_with_noise_are_honest() -> None:
    frame = pd.DataFrame(RNG.normal(size=(500, 4)), columns=list("abcd"))
    assert additive_terms(frame, frame["a"] + frame["b"] + RNG.normal(0, 0.01, 500)) == []
    assert additive_terms(frame.iloc[:30], frame["a"] + frame["b"]) == []


def test_honest_public_tables_have_no_suspects() -> None:
    for data, task in ((load_diabetes(as_frame=True), "regression"), (load_wine(as_frame=True), "multiclass")):
        assert tiers(data.frame, "target", task) == {}
