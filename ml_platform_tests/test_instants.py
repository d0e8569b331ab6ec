"""Every row falls into one partition, and the contract and the features agree which, also when clocks change.

New York and Berlin skip an hour in spring and show one twice in autumn; Kolkata does neither, and is half an hour off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import dagster as dg
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.contract import Window
from ml_platform.contract.validation.checks import in_window
from ml_platform.instants import read_instants
from ml_platform.orchestration.keys import to_dagster
from ml_platform.partitions import Every, Partitions
from ml_platform_tests.profiles import fewer

CHANGES = {
    "America/New_York": (datetime(2013, 3, 10), datetime(2013, 11, 3)),
    "Europe/Berlin": (datetime(2013, 3, 31), datetime(2013, 10, 27)),
    "Asia/Kolkata": (datetime(2013, 3, 31), datetime(2013, 10, 27)),
}
STARTS: dict[Every, str] = {"day": "2013-02-01", "week": "2013-01-28", "month": "2013-01"}
ZONES = [(zone, every) for zone in CHANGES for every in STARTS]
FORMS: dict[str, tuple[Callable[[pd.Series], pd.Series], str | None]] = {
    "timestamps": (lambda times: times, None),
    "ISO 8601": (lambda times: times.map(lambda t: t.isoformat()), None),
    "a format": (lambda times: times.dt.strftime("%d.%m.%Y %H:%M:%S"), "%d.%m.%Y %H:%M:%S"),
}


def near(changes: tuple[datetime, datetime]) -> st.SearchStrategy[list[datetime]]:
    """Local clock times within two days of either change, to the second, those that are skipped or shown twice too."""
    seconds = st.integers(-2 * 86400, 3 * 86400).map(lambda n: timedelta(seconds=n))
    hours = st.integers(-48, 72).map(lambda n: timedelta(minutes=30 * n))
    return st.lists(
        st.builds(lambda day, by: day + by, st.sampled_from(changes), seconds | hours), min_size=1, max_size=12
    )


@cache
def windows(partitions: Partitions) -> list[tuple[str, datetime, datetime]]:
    keys = [partitions.shift(partitions.start, n) for n in range(340 if partitions.every == "day" else 50)]
    return [(key, partitions.starts_at(key), partitions.ends_at(key)) for key in keys]


def partitions_of(partitions: Partitions, column: pd.Series, time_format: str | None) -> list[list[str]]:
    """Return, for each row, the partitions whose contract lets it in, of those within three days of any row."""
    rows: list[list[str]] = [[] for _ in column]
    instants = read_instants(column, "t", timezone=partitions.timezone, time_format=time_format)
    for key, start, end in windows(partitions):
        if instants.between(start - timedelta(days=3), end + timedelta(days=3)).any():
            window = Window("t", start, end, time_format=time_format, timezone=partitions.timezone)
            for row, is_inside in enumerate(in_window(window, column)):
                rows[row] += [key] if is_inside else []
    return rows


@pytest.mark.parametrize(("zone", "every"), ZONES)
@given(data=st.data())
@settings(max_examples=fewer(3))
def test_a_local_time_lies_in_exactly_one_partition_which_is_that_of_its_event_time(
    zone: str, every: Every, data: st.DataObject
) -> None:
    partitions = Partitions(every=every, start=STARTS[every], timezone=zone)
    clock = pd.Series(data.draw(near(CHANGES[zone])), dtype="datetime64[us]")
    convert, time_format = FORMS[data.draw(st.sampled_from(sorted(FORMS)))]
    column = convert(clock)
    found = partitions_of(partitions, column, time_format)
    event_times = read_instants(column, "t", timezone=zone, time_format=time_format)
    for keys, event_time in zip(found, event_times, strict=True):
        (key,) = keys
        assert partitions.starts_at(key) <= event_time < partitions.ends_at(key)


@pytest.mark.parametrize(("zone", "every"), ZONES)
def test_dagster_cuts_the_days_of_the_changes_where_we_do(zone: str, every: Every) -> None:
    ours = Partitions(every=every, start=STARTS[every], timezone=zone)
    theirs = to_dagster(ours)
    assert isinstance(theirs, dg.TimeWindowPartitionsDefinition)
    keys = theirs.get_partition_keys(current_time=datetime(2013, 12, 31, tzinfo=UTC))
    windows = {key: theirs.time_window_for_partition_key(key) for key in keys}
    assert {key: (ours.starts_at(key), ours.ends_at(key)) for key in keys} == {
        key: (window.start, window.end) for key, window in windows.items()
    }
    lengths = {window.end.astimezone(UTC) - window.start.astimezone(UTC) for window in windows.values()}
    if every == "day":
        changes = {timedelta(hours=23), timedelta(hours=25)} if zone != "Asia/Kolkata" else set()
        assert lengths == {timedelta(hours=24)} | changes


def test_an_hour_that_is_there_twice_is_the_first_and_one_that_is_skipped_the_next() -> None:
    clock = pd.Series(["2013-11-03 01:30", "2013-03-10 02:30", "2013-11-03T01:30-05:00"])
    found = read_instants(clock, "t", timezone="America/New_York")
    expected = ["2013-11-03T05:30", "2013-03-10T07:00", "2013-11-03T06:30"]
    assert found.tolist() == list(pd.to_datetime(expected, utc=True))


@pytest.mark.parametrize(
    ("values", "time_format"),
    [
        (["2013-03-10T01:30-05:00", "2013-11-03T01:30-04:00", "2013-11-03T01:30", "2013-11-03"], None),
        (["10.03.2013 01:30 -0500", "03.11.2013 01:30 -0400"], "%d.%m.%Y %H:%M %z"),
        ([2013.0, None], "%Y"),
    ],
)
def test_the_contract_lets_in_what_the_features_can_read_and_nothing_else(
    values: list[object], time_format: str | None
) -> None:
    """Offsets that change over a summer made the contract fail, or set rows aside, which the features could read."""
    year = Partitions(every="year", start="2013", timezone="America/New_York")
    window = Window("t", year.starts_at("2013"), year.ends_at("2013"), time_format, year.timezone)
    assert in_window(window, pd.Series(values)).all()
    assert read_instants(pd.Series(values), "t", timezone=year.timezone, time_format=time_format).notna()[0]
    assert not in_window(window, pd.Series([2013, 2014])).any() or time_format is not None
    assert in_window(window, pd.Series(["soon", None])).tolist() == [False, True]


@given(st.sampled_from(ZONES), st.integers(0, 300), st.integers(0, 40 * 24).map(lambda n: timedelta(hours=n)))
def test_a_span_before_a_partition_touches_these_and_no_others(
    zone_and_every: tuple[str, Every], n: int, span: timedelta
) -> None:
    zone, every = zone_and_every
    partitions = Partitions(every=every, start=STARTS[every], timezone=zone)
    key = partitions.shift(partitions.start, n % 12 if every != "day" else n)
    start = partitions.starts_at(key).astimezone(UTC)
    earlier = [partitions.shift(key, -back) for back in range(45, 0, -1)]
    exists = [k for k in earlier if partitions.starts_at(k) >= partitions.starts_at(partitions.start)]
    touched = [k for k in exists if partitions.ends_at(k).astimezone(UTC) > start - span]
    assert partitions.before(key, span) == touched
    assert len(touched) <= partitions.most_before(span)
