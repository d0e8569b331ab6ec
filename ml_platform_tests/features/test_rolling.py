"""Rolling aggregates count exactly the rows whose outcome was known, and say nothing where nothing was known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.features.rolling import FUNCTIONS, RollingInputs, build_rolling
from ml_platform.features.rolling_settings import Aggregate, Function, Rolling
from ml_platform.features.settings import Entity
from ml_platform.features.target import Target

START = pd.Timestamp("2013-03-01", tz="UTC")
ENTITY = Entity(table="trips", contract="c", key=("trip",), time="leaves_at", predict_before=timedelta(hours=2))
TARGET = Target(column="delay", greater_than=1)
WINDOWS = (timedelta(hours=3), timedelta(days=1))
ROLLING = Rolling.model_validate(
    {
        "available_at": {"derive": "known", "from": ["known"]},
        "aggregates": [
            {"name": function, "column": "target" if function == "share" else "delay", "function": function}
            | {"group_by": group_by, "windows": WINDOWS}
            for function, group_by in zip(get_args(Function), (["place"], [], ["place", "line"], ["line"]), strict=True)
        ],
    }
)
DERIVATIONS = {"known": lambda known: known}


def table(rows: list[tuple[int, int | None, float | None, str | None, int | None]]) -> pd.DataFrame:
    """Trips as (hour of leaving, hours until it is known, delay, place, line)."""
    leaves = [START + pd.Timedelta(hours=hour) for hour, *_ in rows]
    known = [
        None if later is None else at + pd.Timedelta(hours=later)
        for at, (_, later, *_) in zip(leaves, rows, strict=True)
    ]
    return pd.DataFrame(
        {
            "trip": range(len(rows)),
            "leaves_at": pd.Series(leaves, dtype="datetime64[us, UTC]"),
            "known": pd.Series(known, dtype="datetime64[us, UTC]"),
            "delay": pd.Series([row[2] for row in rows], dtype="float64"),
            "place": pd.Series([row[3] for row in rows], dtype=object),
            "line": pd.Series([row[4] for row in rows], dtype="float64"),
        }
    )


def build(frame: pd.DataFrame, earlier: pd.DataFrame | None = None, rolling: Rolling = ROLLING) -> pd.DataFrame:
    prediction_time = frame["leaves_at"] - ENTITY.predict_before
    inputs = RollingInputs(rolling, TARGET, earlier)
    made = build_rolling(frame, prediction_time, inputs, entity=ENTITY, derivations=DERIVATIONS, timezone="UTC")
    return pd.DataFrame(made)


def naive(frame: pd.DataFrame, rows: pd.DataFrame, aggregate: Aggregate, window: timedelta) -> list[float]:
    """Return the aggregate as its definition says it, one row after the other."""
    found = []
    for asked in frame.itertuples():
        at = asked.leaves_at - ENTITY.predict_before
        counted = [
            float(row.delay > 1) if aggregate.function == "share" else row.delay
            for row in rows.itertuples()
            if row.leaves_at >= at - window
            and row.known <= at
            and not np.isnan(row.delay)
            and all(getattr(row, column) == getattr(asked, column) for column in aggregate.group_by)
        ]
        if any(pd.isna(getattr(asked, column)) for column in aggregate.group_by):
            found.append(np.nan)
        elif aggregate.function == "count":
            found.append(len(counted))
        elif len(counted) < aggregate.min_rows:
            found.append(np.nan)
        else:
            found.append(sum(counted) if aggregate.function == "sum" else sum(counted) / len(counted))
    return found


TRIPS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.none() | st.integers(-1, 30),
        st.none() | st.integers(-3, 9).map(lambda n: n / 3),
        st.sampled_from(["sea", "hill", None]),
        st.sampled_from([1, 2, None]),
    ),
    max_size=25,
)


@given(TRIPS, TRIPS, st.integers(1, 3))
def test_it_is_what_counting_row_by_row_finds(earlier: list[Any], own: list[Any], min_rows: int) -> None:
    """Times tie, keys and outcomes are missing, outcomes take longer than a window, and rows come in any order."""
    aggregates = [
        a if a.function == "count" else a.model_copy(update={"min_rows": min_rows}) for a in ROLLING.aggregates
    ]
    rolling = ROLLING.model_copy(update={"aggregates": tuple(aggregates)})
    frame, before = table(own), table(earlier)
    found = build(frame, before, rolling)
    rows = pd.concat([before, frame], ignore_index=True)
    for aggregate in rolling.aggregates:
        for window in WINDOWS:
            expected = naive(frame, rows, aggregate, window)
            np.testing.assert_allclose(found[f"rolling.{aggregate.feature(window)}"], expected, rtol=1e-9, atol=1e-9)


MIXED = st.floats(-10, 10) | st.sampled_from([1e12, -1e12, 1e17, 1e300, 1e-300, 0.1])
OUTCOMES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), MIXED, st.just("sea"), st.just(1)), max_size=40)


@given(OUTCOMES, OUTCOMES.filter(bool))
def test_values_outside_of_a_window_leave_no_rounding_error_in_it(earlier: list[Any], own: list[Any]) -> None:
    """Running sums that are subtracted gave 0.09998 for 0.1 ten weeks after a value of 1e12, and 0 after 1e17."""
    frame, before = table(own), table(earlier)
    rows = pd.concat([before, frame], ignore_index=True)
    found = build(frame, before)
    (mean,) = (aggregate for aggregate in ROLLING.aggregates if aggregate.function == "mean")
    for window in WINDOWS:
        expected, error = (
            naive(frame, rows, mean, window),
            naive(frame, rows.assign(delay=rows["delay"].abs()), mean, window),
        )
        for value, exact, scale in zip(found[f"rolling.{mean.feature(window)}"], expected, error, strict=True):
            assert np.isnan(value) if np.isnan(exact) else abs(value - exact) <= 1e-14 * scale


def test_an_outlier_is_forgotten_after_its_window() -> None:
    weeks = 7 * 24
    before = table([(0, 1, 1e17, "sea", 1), (10 * weeks, 1, 0.1, "sea", 1)])
    own = table([(10 * weeks + 4, None, None, "sea", 1)])
    for function in ("sum", "mean"):
        aggregate = Aggregate(name="a", column="delay", function=function, windows=WINDOWS)
        rolling = ROLLING.model_copy(update={"aggregates": (aggregate,)})
        assert build(own, before, rolling)["rolling.a_1d"].tolist() == [0.1]


@pytest.mark.parametrize("dtype", ["Int64", "int64[pyarrow]", "object"])
def test_large_keys_are_groups_of_their_own(dtype: str) -> None:
    """One missing key makes floats of numpy's integers, and 2^53 and 2^53 + 1 one group."""
    lines = pd.Series([2**53, 2**53 + 1, None], dtype=dtype)
    frame = table([(0, 1, 1.0, "sea", 1), (0, 1, 1.0, "sea", 1), (0, 1, 1.0, "sea", 1)]).assign(line=lines)
    later = frame.assign(leaves_at=frame["leaves_at"] + pd.Timedelta("5h"), known=pd.NaT)
    count = Aggregate(name="a", column="delay", function="count", group_by=("line",), windows=(timedelta(days=1),))
    found = build(later, frame, ROLLING.model_copy(update={"aggregates": (count,)}))["rolling.a_1d"]
    assert found.fillna(-1).tolist() == [1, 1, -1]


def test_every_function_has_its_formula() -> None:
    assert set(FUNCTIONS) == set(get_args(Function))


def test_a_window_holds_both_its_ends() -> None:
    """Known at the very instant of the prediction counts, and so does an event just as old as the window."""
    own = table([(5, None, None, "sea", 1)])
    assert build(own, table([(0, 3, 2.0, "sea", 1)]))["rolling.share_3h"].tolist() == [1.0]
    assert build(own, table([(1, 3, 2.0, "sea", 1)]))["rolling.share_1d"].isna().all()
    one_hour_later = table([(6, None, None, "sea", 1)])
    assert build(one_hour_later, table([(0, 3, 2.0, "sea", 1)]))["rolling.share_3h"].isna().all()


@pytest.mark.parametrize(
    ("trip", "of", "message"),
    [
        ((0, -2, 1.0, "sea", 1), "target", r"outcomes of 1 of 1 rows of table 'trips' were available when their own"),
        ((0, 1, 0.5, "sea", 1), "delay", r"'a': column 'delay' .* 1 of 1 values that are neither 0 nor 1, such as 0.5"),
        ((0, 1, float("inf"), "sea", 1), "delay", r"'delay' of table 'trips' is infinite in 1 of 1 rows"),
        ((0, 1, 1.0, "sea", 1), "dealy", r"no column 'dealy', which the block 'rolling' needs.*'delay'"),
    ],
)
def test_what_cannot_be_counted_is_refused(trip: Any, of: str, message: str) -> None:
    aggregate = Aggregate(name="a", column=of, function="share", windows=WINDOWS)
    with pytest.raises(DataError, match=message):
        build(table([trip]), rolling=ROLLING.model_copy(update={"aggregates": (aggregate,)}))
