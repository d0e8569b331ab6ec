"""Sums over spans are those of a loop, and a value outside of a span leaves nothing behind in it."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.features.spans import Points, covering_sums

VALUES = st.floats(-10, 10) | st.sampled_from([1e12, -1e12, 1e17, 1e300, -1e300, 1e-300, 0.1])


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, float]]]:
    n_points = draw(st.integers(0, 33))
    ends = st.tuples(st.integers(0, n_points), st.integers(0, n_points)).map(sorted)
    return n_points, [(*draw(ends), value) for value in draw(st.lists(VALUES, max_size=20))]


@given(spans())
def test_each_point_sums_what_covers_it(drawn: tuple[int, list[tuple[int, int, float]]]) -> None:
    n_points, rows = drawn
    first, end, values = (np.array([row[place] for row in rows]) for place in range(3))
    found = covering_sums(n_points, first.astype(np.intp), end.astype(np.intp), values.astype(float))
    for point in range(n_points):
        covering = [value for low, high, value in rows if low <= point < high]
        assert abs(found[point] - fsum(covering)) <= 1e-15 * len(covering) * fsum(map(abs, covering))


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 6))), st.lists(st.tuples(*[st.integers(0, 6)] * 3)))
def test_a_span_holds_the_predictions_of_its_group_from_its_first_instant_to_its_last(
    asked: list[tuple[int, int]], rows: list[tuple[int, int, int]]
) -> None:
    def instants(hours: list[int]) -> np.ndarray:
        return np.datetime64("2013-03-01") + np.array(hours, dtype="timedelta64[h]")

    groups, hours = [group for group, _ in asked], [hour for _, hour in asked]
    points = Points(np.array(groups, dtype=np.intp), instants(hours))
    found = points.spans(
        np.array([row[0] for row in rows], dtype=np.intp),
        instants([row[1] for row in rows]),
        instants([row[2] for row in rows]),
    )
    for (group, first, last), low, high in zip(rows, *found, strict=True):
        expected = {n for n, (g, hour) in enumerate(asked) if g == group and first <= hour <= last}
        assert set(points.order[low:high]) == expected


def test_an_empty_span_adds_nothing() -> None:
    assert covering_sums(2, np.array([1]), np.array([1]), np.array([7.0])).tolist() == [0, 0]


@pytest.mark.parametrize("outlier", [1e12, 1e17, 1e300])
def test_an_outlier_is_exactly_forgotten(outlier: float) -> None:
    assert covering_sums(3, np.array([0, 2]), np.array([2, 3]), np.array([outlier, 0.1])).tolist()[2] == 0.1
