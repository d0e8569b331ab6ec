"""No feature knows more than was known when its prediction is made."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.features.as_of import matching_rows, take
from ml_platform_tests.features.tables import ENTITY, FEATURES, VEHICLE_TABLE, VEHICLES, WEATHER, build, trips, weather

PLACES = st.sampled_from(["sea", "hill", None])
MINUTES = st.integers(0, 48).map(lambda half_hours: 30 * half_hours)
TRIPS = st.lists(st.tuples(MINUTES, PLACES), min_size=1, max_size=25)
REPORTS = st.lists(st.tuples(MINUTES, PLACES), max_size=40, unique=True)


def tables(left: list[tuple[int, str | None]], right: list[tuple[int, str | None]]):
    return trips([m for m, _ in left], [p for _, p in left]), weather([m for m, _ in right], [p for _, p in right])


def by_hand(frame: pd.DataFrame, reports: pd.DataFrame) -> list[float | None]:
    """Look at every pair of a trip and a report, in plain Python."""
    found = []
    for trip in frame.itertuples():
        now = trip.leaves_at - ENTITY.predict_before
        usable = [
            report
            for report in reports.itertuples()
            if trip.place is not None
            and report.station == trip.place
            and report.seen_at + WEATHER.available_after <= now
            and now - report.seen_at <= WEATHER.within
        ]
        found.append(max(usable, key=lambda report: report.seen_at).rain if usable else None)
    return found


@given(TRIPS, REPORTS)
def test_each_row_gets_the_latest_report_that_was_known_and_not_too_old(left: list, right: list) -> None:
    frame, reports = tables(left, right)
    found = build(frame, reports)
    assert [None if pd.isna(rain) else rain for rain in found["rain"]] == by_hand(frame, reports)
    assert found["trip"].tolist() == frame["trip"].tolist()
    assert found["place"].tolist() == frame["place"].tolist()


@given(TRIPS, REPORTS, st.data())
def test_reports_that_come_out_after_the_last_prediction_change_no_feature(
    left: list, right: list, data: st.DataObject
):
    frame, reports = tables(left, right)
    last_prediction = max(m for m, _ in left) - 120
    too_late = st.tuples(st.integers(last_prediction - 59, last_prediction + 5000), st.sampled_from(["sea", "hill"]))
    future = [pair for pair in data.draw(st.lists(too_late, min_size=1, max_size=20, unique=True)) if pair not in right]
    planted = weather([m for m, _ in future], [p for _, p in future], first=1000)
    with_future = pd.concat([planted, reports], ignore_index=True)
    pd.testing.assert_frame_equal(build(frame, with_future), build(frame, reports))


@given(TRIPS, REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_either_table_changes_nothing(left: list, right: list, random) -> None:
    frame, reports = tables(left, right)
    expected = build(frame, reports).set_index("trip")
    order = random.sample(range(len(frame)), len(frame))
    found = build(frame.iloc[order], reports.iloc[::-1]).set_index("trip")
    assert found.index.tolist() == order
    pd.testing.assert_frame_equal(found.loc[expected.index], expected)


def test_a_table_without_times_is_looked_up_and_a_missing_key_matches_no_missing_key() -> None:
    frame = trips([0, 10, 20, 30], ["sea"] * 4, ["tram", None, "ferry", "bus"])
    found = build(frame, weather([], []))
    assert found["seats"].fillna(-1).tolist() == [120, -1, -1, 40]


def test_keys_that_are_there_twice_are_refused_with_table_columns_and_counts() -> None:
    twice = pd.concat([VEHICLE_TABLE, VEHICLE_TABLE.head(1)])
    with pytest.raises(DataError, match=r"table 'vehicles' cannot be joined: 2 of 4 rows share their \(name\).*'bus'"):
        build(trips([0], ["sea"]), weather([], []), twice)
    with pytest.raises(DataError, match=r"table 'weather' .* 2 of 3 rows share their \(station, seen_at\)"):
        build(trips([0], ["sea"]), weather([0, 0, 5], ["sea"] * 3))


def test_two_local_times_that_are_one_instant_are_there_twice() -> None:
    reports = weather([0, 0], ["sea"] * 2).assign(seen_at=["2013-03-01T00:00Z", "2013-02-28T19:00-05:00"])
    with pytest.raises(DataError, match=r"2 of 2 rows share their \(station, seen_at\)"):
        build(trips([0], ["sea"]), reports)


def test_keys_of_different_types_and_missing_columns_are_refused_with_a_guess() -> None:
    frame = trips([0], ["sea"], ["bus"])
    with pytest.raises(
        DataError, match=r"'vehicle' holds text \(object\) and 'name' numbers \(int64\); they would never"
    ):
        build(frame, weather([], []), pd.DataFrame({"name": [1], "seats": [2]}))
    with pytest.raises(DataError, match=r"table 'vehicles' \(3 rows\) has no column 'name'.*Did you mean 'nam'"):
        build(frame, weather([], []), VEHICLE_TABLE.rename(columns={"name": "nam"}))
    with pytest.raises(
        DataError, match=r"table 'trips' \(1 rows\) has no column 'place', which the join of 'weather' needs"
    ):
        build(frame.drop(columns="place"), weather([], []), features=FEATURES[1:])
    with pytest.raises(DataError, match=r"no column 'rain', which feature 'rain' needs.*Did you mean 'rains'"):
        build(frame, weather([], []).rename(columns={"rain": "rains"}))


DAY = pd.Timestamp("2013-03-01")
KEYS: dict[str, Any] = {
    "dates": date(2013, 3, 1),
    "text": "2013-03-01",
    "times without a zone": DAY,
    "times with a zone": DAY.tz_localize("UTC"),
    "numbers": 20130301,
}


@pytest.mark.parametrize("ours", KEYS)
@pytest.mark.parametrize("theirs", KEYS)
def test_keys_of_two_types_are_refused_and_not_silently_unequal(ours: str, theirs: str) -> None:
    frame, table = pd.DataFrame({"vehicle": [KEYS[ours], None]}), pd.DataFrame({"name": [None, KEYS[theirs]]})
    if ours == theirs:
        assert matching_rows(frame, None, table, VEHICLES, timezone="UTC").tolist() == [1, -1]
        return
    with pytest.raises(DataError, match=rf"'vehicle' holds {ours} \(.*\) and 'name' {theirs} \(.*would never match"):
        matching_rows(frame, None, table, VEHICLES, timezone="UTC")


LARGE = st.integers(2**53 - 3, 2**53 + 3) | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5)
KEY_TYPES: tuple[Any, ...] = ("Int64", pd.ArrowDtype(pa.int64()), "object", pd.ArrowDtype(pa.decimal128(30, 2)))


@given(st.lists(st.none() | LARGE, max_size=12), st.lists(LARGE, max_size=12, unique=True), st.data())
def test_large_whole_numbers_match_their_own_row_and_no_neighbour(
    ours: list[int | None], theirs: list[int], data: st.DataObject
) -> None:
    """As floats, which pandas makes of integers beside missing values, 2^53 and 2^53 + 1 are one key."""
    frame = pd.DataFrame({"vehicle": pd.array(ours, dtype=data.draw(st.sampled_from(KEY_TYPES)))})
    plain = ("int64", *KEY_TYPES, "uint64", pd.ArrowDtype(pa.uint64())) if min(theirs, default=0) >= 0 else KEY_TYPES
    table = pd.DataFrame({"name": pd.Series(theirs, dtype=data.draw(st.sampled_from(plain)))})
    found = matching_rows(frame, None, table, VEHICLES, timezone="UTC")
    assert found.tolist() == [theirs.index(key) if key in theirs else -1 for key in ours]
    taken = take(pd.Series(theirs, dtype="int64"), found)
    assert [None if pd.isna(value) else value for value in taken] == [key if key in theirs else None for key in ours]


def test_unsigned_numbers_beyond_signed_ones_are_taken_as_they_are() -> None:
    taken = take(pd.Series([2**64 - 1, 7], dtype="uint64"), np.array([0, -1]))
    assert taken.tolist() == [2**64 - 1, pd.NA]
