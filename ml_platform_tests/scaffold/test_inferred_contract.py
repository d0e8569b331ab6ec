"""Bounds hold what was seen, are wider by about a tenth, and stay on the side of zero that the values are on."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from ml_platform.scaffold.inferred_contract import allowed_missing, allowed_rows, widened

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


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


@given(st.floats(0, 0.999))
def test_more_may_be_missing_than_was_seen_but_never_all(share: float) -> None:
    assert 100 * share <= max(allowed_missing(share), 99.9)
    assert 1 <= allowed_missing(share) <= 99


@given(st.lists(st.integers(1, 10**7), min_size=1))
def test_a_file_may_have_half_as_many_rows_or_twice(counts: list[int]) -> None:
    least, most = allowed_rows(counts)
    assert 1 <= least <= min(counts)
    assert most == 2 * max(counts)
