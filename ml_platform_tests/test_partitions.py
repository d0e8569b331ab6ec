"""Partition keys name windows in the model's time zone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_platform.partitions import Partitions

STARTS = {"day": "2013-01-01", "week": "2013-01-07", "month": "2013-01", "year": "2013"}


@given(st.datetimes(datetime(2013, 1, 1), datetime(2015, 12, 30)), st.sampled_from(["day", "week", "month", "year"]))
def test_each_instant_lies_in_exactly_one_window_also_when_clocks_change(naive: datetime, every: str) -> None:
    partitions = Partitions(every=every, start=STARTS[every], timezone="America/New_York")
    instant = naive.replace(tzinfo=UTC)
    key, hits = partitions.start, 0
    while partitions.starts_at(key) <= instant + timedelta(days=1):
        hits += partitions.starts_at(key) <= instant < partitions.ends_at(key)
        key = partitions.shift(key, 1)
    assert hits == (instant >= partitions.starts_at(partitions.start))


def test_window_is_cut_at_the_first_partition() -> None:
    months = Partitions(every="month", start="2013-01")
    assert months.window("2013-02", 3) == ["2013-01", "2013-02"]
    assert months.window("2014-01", 3) == ["2013-11", "2013-12", "2014-01"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": "2013-1"}, "write '2013-01'"),
        ({"start": "2013-01-01"}, "is not the key of a month; one looks like '2013-01'"),
        ({"start": "2013-01", "end": "2013-01"}, "must come after start"),
        ({"start": "2013-01", "timezone": "Mars/Olympus"}, "is not an IANA time zone"),
    ],
)
def test_wrong_keys_are_refused_with_an_example(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Partitions(every="month", **arguments)


@pytest.mark.parametrize("arguments", [{"start": "2013-01-02"}, {"start": "2012-12-24", "end": "2013-01-02"}])
def test_a_week_that_does_not_start_on_monday_is_refused(arguments: dict[str, str]) -> None:
    """Dagster's weeks start on Monday whatever the key says, so the key would name another window than it reads."""
    with pytest.raises(ValidationError, match=r"'2013-01-02' is a Wednesday, .*; write '2012-12-31'"):
        Partitions(every="week", **arguments)
    assert not Partitions(every="week", start="2012-12-24").is_over("2013-01-02", datetime(2014, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("2012-12", "2012-12 lies before the first partition, 2013-01"),
        ("2014-01", "2014-01 lies after the last partition, 2013-12: remove partitions.end"),
        ("2014", "'2014' is not the key of a month"),
    ],
)
def test_a_partition_that_there_is_not_is_rejected_in_one_sentence(key: str, message: str) -> None:
    months = Partitions(every="month", start="2013-01", end="2014-01")
    months.validate_key("2013-12")
    with pytest.raises(ValueError, match=message):
        months.validate_key(key)
    assert not months.is_over(key, datetime(2026, 1, 1, tzinfo=UTC))


def test_partitions_go_on_unless_an_end_is_stated() -> None:
    Partitions(every="month", start="2013-01").validate_key("2030-01")
