"""Whole numbers and decimals are compared exactly, however large, missing values beside them or not."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, note, seed
from hypothesis import strategies as st

from ml_platform.contract.rules import OneOf, Range, row_expectation
from ml_platform.contract.validation.expressions import broken_rows, multiples

SEED = 2**53
LARGE = st.sampled_from([2**53, 2**60, 2**63, 2**64, 10**15]).flatmap(lambda n: st.integers(n - 3, n + 3))
INTEGERS = {
    pl.Int64(): (-(2**63), 2**63 - 1),
    pl.UInt64(): (0, 2**64 - 1),
}
BOUNDS = st.one_of(
    LARGE,
    LARGE.map(lambda n: -n),
    st.integers(-3, 3),
    st.sampled_from([0.5, -0.5, 1.5, 1e30, -1e30, math.inf, -math.inf]),
)


def broken(frame: pl.DataFrame, rule: Range | OneOf) -> list[bool | None]:
    expression = broken_rows(row_expectation("x", rule), frame.schema)
    assert expression is not None
    return frame.select(expression).to_series().to_list()


def is_outside(value: Any, rule: Range) -> bool:
    lower: Any = rule.minimum
    upper: Any = rule.maximum
    below = lower is not None and (value <= lower if rule.strict_minimum else value < lower)
    return bool(below or (upper is not None and (value >= upper if rule.strict_maximum else value > upper)))


@seed(SEED)
@given(st.data(), BOUNDS, st.booleans(), st.booleans())
def test_a_range_of_whole_numbers_is_exact(data: st.DataObject, bound: float, strict: bool, least: bool) -> None:
    note(f"seed {SEED}")
    dtype = data.draw(st.sampled_from(list(INTEGERS)))
    low, high = INTEGERS[dtype]
    values = data.draw(st.lists(st.none() | st.one_of(LARGE, LARGE.map(lambda n: -n), st.integers(-3, 3)), min_size=1))
    values = [value if value is None or low <= value <= high else None for value in values]
    rule = Range(bound, None, strict_minimum=strict) if least else Range(None, bound, strict_maximum=strict)
    found = broken(pl.DataFrame({"x": pl.Series(values, dtype=dtype)}), rule)
    assert found == [None if value is None else is_outside(value, rule) for value in values]


@seed(SEED)
@given(
    st.lists(st.none() | st.decimals(-(10**20), 10**20, places=2), min_size=1),
    st.sampled_from([0.1, 0.01, 0.005, -2.5, 3, 10**20, -(10**20), 1e40, math.inf]),
    st.booleans(),
)
def test_a_range_of_decimals_is_exact(values: list[Decimal | None], bound: float, strict: bool) -> None:
    """A bound is what is written: 0.1 is a tenth."""
    note(f"seed {SEED}")
    values = [*values, Decimal("0.10"), Decimal("0.11")]
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Decimal(38, 2))})
    exact = bound if math.isinf(bound) else Fraction(str(bound))
    for rule, expected in (
        (Range(bound, None, strict_minimum=strict), Range(exact, None, strict_minimum=strict)),  # type: ignore[arg-type]
        (Range(None, bound, strict_maximum=strict), Range(None, exact, strict_maximum=strict)),  # type: ignore[arg-type]
    ):
        wanted = [None if value is None else is_outside(Fraction(value), expected) for value in values]
        assert broken(frame, rule) == wanted


def test_a_set_of_large_numbers_and_of_decimals_is_exact() -> None:
    large = pl.DataFrame({"x": [2**60, 2**60 + 1, None]})
    assert broken(large, OneOf((2**60, 2**70))) == [False, True, None]
    decimals = pl.DataFrame({"x": pl.Series([Decimal("0.10"), Decimal("0.11"), None], dtype=pl.Decimal(10, 2))})
    assert broken(decimals, OneOf((0.1, 0.111))) == [False, True, None]


@pytest.mark.parametrize(
    ("values", "number", "expected"),
    [
        ([5 * 10**17, 5 * 10**17 + 1, None], 5, [True, False, None]),
        ([2**63 - 2, 2**63 - 1], 2, [True, False]),
        ([6.0, 7.0, 9e15, 9e15 + 1, None], 3, [True, False, True, False, None]),
        ([10**10 * 0.01, 10**10 * 0.01 + 0.005, 12345678.91, 12345678.915], 0.01, [True, False, True, False]),
        ([0.29, 1.1, 0.1 + 0.2, 0.295], 0.01, [True, True, True, False]),
        ([3, 4], 1.5, [True, False]),
        ([Decimal("1.50"), Decimal("1.55"), None], 0.1, [True, False, None]),
        ([Decimal(10**20), Decimal(10**20) + Decimal("0.01")], 0.1, [True, False]),
    ],
)
def test_a_multiple_is_one_whatever_its_quotient(values: list, number: float, expected: list) -> None:
    frame = pl.DataFrame({"x": values})
    assert frame.select(multiples("x", number, frame.schema["x"])).to_series().to_list() == expected
