"""Rolling aggregates count exactly the rows whose outcome was known, and say nothing where nothing was known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.features.aggregates import HOW, Past, build_aggregates
from ml_platform.features.history import Aggregate, History, How
from ml_platform.features.settings import Entity
from ml_platform.features.target import Target

START = pd.Timestamp("2013-03-01", tz="UTC")
ENTITY = Entity(table="trips", contract="c", key=("trip",), time="leaves_at", predict_before=timedelta(hours=2))
TARGET = Target(column="delay", greater_than=1)
WINDOWS = (timedelta(hours=3), timedelta(days=1))
HISTORY = History.model_validate(
    {
        "known_at": {"derive": "known", "from": ["known"]},
        "aggregates": [
            {"name": how, "of": "target" if how == "share" else "delay", "how": how, "per": per, "windows": WINDOWS}
            for how, per in zip(get_args(How), (["place"], [], ["place", "line"], ["line"]), strict=True)
        ],
    }
)
DERIVATIONS = {"known": lambda known: known}


def table(rows: list[tuple[int, int | None, float | None, str | None, int | None]]) -> pd.DataFrame:
    """Trips as (hour of leaving, hours until it is known, delay, place, line)."""
    assets = [START + pd.Timedelta(hours=hour) for hour, *_ in rows]
    known = [
        None if later is None else at + pd.Timedelta(hours=later)
        for at, (_, later, *_) in zip(assets, rows, strict=True)
    ]
    return pd.DataFrame(
        {
            "trip": range(len(rows)),
            "leaves_at": pd.Series(assets, dtype="datetime64[us, UTC]"),
            "known": pd.Series(known, dtype="datetime64[us, UTC]"),
            "delay": pd.Series([row[2] for row in rows], dtype="float64"),
            "place": pd.Series([row[3] for row in rows], dtype=object),
            "line": pd.Series([row[4] for row in rows], dtype="float64"),
        }
    )


def build(frame: pd.DataFrame, earlier: pd.DataFrame | None = None, history: History = HISTORY) -> pd.DataFrame:
    prediction_time = frame["leaves_at"] - ENTITY.predict_before
    past = Past(history, TARGET, earlier)
    made = build_aggregates(frame, prediction_time, past, entity=ENTITY, derivations=DERIVATIONS, timezone="UTC")
    return pd.DataFrame(made)


def naive(frame: pd.DataFrame, rows: pd.DataFrame, aggregate: Aggregate, window: timedelta) -> list[float]:
    """Return the aggregate as its definition says it, one row after the other."""
    found = []
    for asked in frame.itertuples():
        at = asked.leaves_at - ENTITY.predict_before
        counted = [
            float(row.delay > 1) if aggregate.how == "share" else row.delay
            for row in rows.itertuples()
            if row.leaves_at >= at - window
            and row.known <= at
            and not np.isnan(row.delay)
            and all(getattr(row, column) == getattr(asked, column) for column in aggregate.per)
        ]
        if any(pd.isna(getattr(asked, column)) for column in aggregate.per):
            found.append(np.nan)
        elif aggregate.how == "count":
            found.append(len(counted))
        elif len(counted) < aggregate.min_rows:
            found.append(np.nan)
        else:
            found.append(sum(counted) if aggregate.how == "sum" else sum(counted) / len(counted))
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


@settings(deadline=None, max_examples=30)
@given(TRIPS, TRIPS, st.integers(1, 3))
def test_it_is_what_counting_row_by_row_finds(earlier: list[Any], own: list[Any], min_rows: int) -> None:
    """Times tie, keys and outcomes are missing, outcomes take longer than a window, and rows come in any order."""
    aggregates = [a if a.how == "count" else a.model_copy(update={"min_rows": min_rows}) for a in HISTORY.aggregates]
    history = HISTORY.model_copy(update={"aggregates": tuple(aggregates)})
    frame, before = table(own), table(earlier)
    found = build(frame, before, history)
    rows = pd.concat([before, frame], ignore_index=True)
    for aggregate in history.aggregates:
        for window in WINDOWS:
            expected = naive(frame, rows, aggregate, window)
            np.testing.assert_allclose(found[f"history.{aggregate.column(window)}"], expected, rtol=1e-9, atol=1e-9)


def test_every_how_has_its_formula() -> None:
    assert set(HOW) == set(get_args(How))


def test_a_window_holds_both_its_ends() -> None:
    """Known at the very instant of the prediction counts, and so does an event just as old as the window."""
    own = table([(5, None, None, "sea", 1)])
    assert build(own, table([(0, 3, 2.0, "sea", 1)]))["history.share_3h"].tolist() == [1.0]
    assert build(own, table([(1, 3, 2.0, "sea", 1)]))["history.share_1d"].isna().all()
    one_hour_later = table([(6, None, None, "sea", 1)])
    assert build(one_hour_later, table([(0, 3, 2.0, "sea", 1)]))["history.share_3h"].isna().all()


@pytest.mark.parametrize(
    ("trip", "of", "message"),
    [
        ((0, -2, 1.0, "sea", 1), "target", r"outcomes of 1 of 1 rows of table 'trips' were known when their own"),
        ((0, 1, 0.5, "sea", 1), "delay", r"'a': column 'delay' .* 1 of 1 values that are neither 0 nor 1, such as 0.5"),
        ((0, 1, float("inf"), "sea", 1), "delay", r"'delay' of table 'trips' is infinite in 1 of 1 rows"),
        ((0, 1, 1.0, "sea", 1), "dealy", r"no column 'dealy', which the history needs.*'delay'"),
    ],
)
def test_what_cannot_be_counted_is_refused(trip: Any, of: str, message: str) -> None:
    aggregate = Aggregate(name="a", of=of, how="share", windows=WINDOWS)
    with pytest.raises(DataError, match=message):
        build(table([trip]), history=HISTORY.model_copy(update={"aggregates": (aggregate,)}))
