"""Whole numbers are codes when their name, their gaps or the target says so, and amounts when their order predicts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ml_platform.scaffold.codes import Order, code_reason, measure_order, occupied
from ml_platform.scaffold.profile import ColumnProfile, profile_columns

RNG = np.random.default_rng(1)
N = 2_000


def profile(values: Any, name: str = "x") -> ColumnProfile:
    return profile_columns(pa.table({name: values}))[name]


def order(values: Any, chance: Any) -> Order | None:
    return measure_order(pd.Series(values), (RNG.random(N) < chance).astype(int), 2)


def test_values_that_tell_more_than_their_order_are_codes() -> None:
    values = RNG.integers(0, 8, N)
    chance = np.array([0.1, 0.9, 0.2, 0.8, 0.1, 0.9, 0.2, 0.8])[values]
    measured = order(values, chance)
    assert measured is not None
    assert measured.misleads
    assert "tell more than their order" in code_reason(profile(values), measured)
    assert code_reason(profile(values)) == ""


def test_values_whose_order_predicts_are_amounts() -> None:
    values = RNG.choice([1, 2, 5, 11, 40, 90], N)
    measured = order(values, 0.1 + 0.8 * values / 90)
    assert measured is not None
    assert measured.predicts
    assert "with gaps" not in code_reason(profile(values), measured)


def test_an_age_with_a_hump_stays_an_amount() -> None:
    age = RNG.integers(18, 90, N)
    measured = order(age, np.where((age > 25) & (age < 62), 0.9, 0.1))
    assert measured is not None
    assert measured.misleads
    assert code_reason(profile(age), measured) == ""


def test_steps_of_a_common_divisor_are_no_gaps() -> None:
    assert occupied([100, 200, 300, 500]) == 0.8
    assert occupied([101, 120, 155, 410]) < 0.02
    assert occupied([]) == 1


def test_too_few_rows_of_a_class_tell_nothing() -> None:
    assert measure_order(pd.Series([1, 2, 3] * 10), np.array([0] * 28 + [1] * 2), 2) is None
