"""The rule on a column follows its kind: sets for flags, codes and calendars, and no bound where values go on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.scaffold.profile import profile_columns
from ml_platform.scaffold.roles import Role, Use
from ml_platform.scaffold.value_rule import ValueRule, learn_rule, widened

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
N = 600
RNG = np.random.default_rng(7)
PIXELS = np.clip(RNG.integers(-4, 20, N), 0, 16)


def rule(
    values: Any, name: str = "x", use: Use = "number", parts: int = 1, *, is_class: bool = False
) -> ValueRule | None:
    table = pa.table({name: values})
    size = -(-len(table) // parts)
    partitions = [table[name].slice(at, size) for at in range(0, len(table), size)]
    return learn_rule(profile_columns(table)[name], Role(name, use, ""), partitions, is_class=is_class)


SETS: dict[str, tuple[str, Any, Use, tuple[Any, ...]]] = {
    "flag": ("x", RNG.integers(0, 2, N), "number", (0, 1)),
    "flag that was never up": ("x", np.zeros(N, int), "number", (0, 1)),
    "flag as a float": ("x", RNG.integers(0, 2, N).astype(float), "number", (0.0, 1.0)),
    "two codes": ("SEX", RNG.integers(1, 3, N), "number", (1, 2)),
    "codes": ("x", RNG.choice([1, 3, 7], N), "category", (1, 3, 7)),
    "half a year": ("mnth", RNG.integers(1, 7, N), "category", tuple(range(1, 13))),
    "season": ("season", RNG.integers(1, 3, N), "category", (1, 2, 3, 4)),
    "hours": ("hr", RNG.integers(6, 20, N), "number", tuple(range(24))),
    "weekdays from 0 or 1": ("dayOfWeek", RNG.integers(1, 6, N), "category", tuple(range(8))),
    "words": ("x", RNG.choice(["a", "b"], N), "category", ("a", "b")),
    "weekdays as words": (
        "x",
        RNG.choice(["mon", "tue"], N),
        "category",
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    ),
}


@pytest.mark.parametrize("case", SETS)
def test_flags_codes_and_calendars_are_sets(case: str) -> None:
    name, values, use, expected = SETS[case]
    found = rule(values, name, use)
    assert found is not None
    assert (found.valid_values, found.options) == (expected, {})
    assert found.n_broken(pa.chunked_array([pa.array(values)])) == 0


RANGES: dict[str, tuple[Any, int, dict[str, float]]] = {
    "shares": (RNG.random(N), 1, {"minimum": 0.0, "maximum": 1.0}),
    "ages": (np.arange(N) % 62 + 18, 1, {"minimum": 10, "maximum": 90}),
    "pixels, of which many are white": (PIXELS, 1, {"minimum": 0, "maximum": 16}),
    "counter": (RNG.poisson(3 * RNG.lognormal(0, 1, N)), 1, {"minimum": 0}),
    "what grows": (np.arange(N) // 3 + RNG.integers(0, 9, N), 6, {"minimum": 0}),
    "what falls": (-np.arange(N) + RNG.normal(0, 9, N), 6, {"maximum": 100.0}),
}


@pytest.mark.parametrize("case", RANGES)
def test_numbers_have_bounds_on_the_sides_where_they_end(case: str) -> None:
    values, parts, expected = RANGES[case]
    found = rule(values, parts=parts)
    assert found is not None
    assert found.options == expected


def test_amounts_with_a_long_tail_may_be_ten_times_as_large() -> None:
    amounts = np.append(RNG.lognormal(3, 0.6, N), 400.0)
    found = rule(amounts)
    assert found is not None
    assert found.options == {"minimum": 0.0, "maximum": 4_000.0}


def test_what_the_model_does_not_use_has_no_rule() -> None:
    assert rule(RNG.random(N), use="left out") is None
    assert rule(RNG.random(N), use="key") is None
    assert rule(RNG.random(N) < 0.5, use="category") is None
    protected = learn_rule(
        profile_columns(pa.table({"sex": ["f", "m"]}))["sex"],
        Role("sex", "left out", "a protected attribute"),
        [pa.chunked_array([["f", "m"]])],
        is_class=False,
    )
    assert protected is not None
    assert protected.valid_values == ("f", "m")


def test_the_classes_of_a_target_are_a_set_and_a_number_to_predict_has_a_range() -> None:
    codes = RNG.integers(0, 9, N)
    as_classes, as_number = rule(codes, use="target", is_class=True), rule(codes, use="target")
    assert as_classes is not None
    assert as_number is not None
    assert as_classes.valid_values == tuple(range(9))
    assert as_number.options["minimum"] == 0


def test_a_rule_counts_what_breaks_it() -> None:
    column = pa.chunked_array([[1, 2, None, 9]])
    assert ValueRule("", (1, 2)).n_broken(column) == 1
    assert ValueRule("", minimum=2).n_broken(column) == 1
    assert ValueRule("", maximum=1).n_broken(column) == 2
    assert ValueRule("", max_length=1).n_broken(pa.chunked_array([["a", "ab", None]])) == 1


def test_a_rule_that_warns_is_an_expectation() -> None:
    assert ValueRule("", minimum=2).expectation("x") == {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "x", "min_value": 2},
    }
    assert ValueRule("", max_length=9).expectation("x")["kwargs"] == {"column": "x", "max_value": 9}


@given(NUMBERS, NUMBERS)
def test_bounds_hold_what_was_seen_and_are_finite(one: float, other: float) -> None:
    least, most = sorted((one, other))
    low, high = widened(least, most, whole=False)
    assert low <= least <= most <= high
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low >= 0 or least < 0


@given(st.integers(-(2**53), 2**53), st.integers(0, 2**53))
def test_bounds_of_whole_numbers_are_whole_and_not_much_wider(least: int, span: int) -> None:
    low, high = widened(least, least + span, whole=True)
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low <= least <= least + span <= high
    assert high - low <= 3 * max(span, 1) + 2


def test_bounds_are_round() -> None:
    assert widened(13.2, 59.6, whole=False) == (5.0, 65.0)
    assert widened(0.1, 0.7, whole=False) == (0.0, 1.0)
    assert widened(18, 79, whole=True) == (10, 90)
