"""A date gives what comes back or counts from it, and nothing that only says which partition a row is in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.features.calendar import CALENDAR
from ml_platform.partitions import Every
from ml_platform.scaffold.dates import KINDS, WITHIN, date_features, follows_partition, share_after

RNG = np.random.default_rng(3)
N = 1_200
AT = pd.Series(pd.date_range("2024-01-01", periods=N, freq="7h"))
FRAME = pd.DataFrame(
    {
        "at": AT,
        "signed": AT - pd.to_timedelta(RNG.integers(1, 2_000, N), "D"),
        "ordered": AT - pd.to_timedelta(RNG.integers(0, 5, N), "h"),
        "weekday": AT.dt.dayofweek,
    }
)
MONTH = pd.factorize(AT.dt.strftime("%Y-%m"))[0]


def parts(column: str, every: Every | None = "month", beside: tuple[str, ...] = ()) -> list[str]:
    partition = MONTH if every else None
    found = date_features(FRAME, column, time="at", every=every, partition=partition, timezone="UTC", beside=beside)
    return [feature.part for feature in found]


def test_what_is_derived_exists_in_the_calendar() -> None:
    assert set(KINDS) == set(CALENDAR)
    assert {part for parts in WITHIN.values() for part in parts} <= set(CALENDAR)


def test_a_date_gives_year_month_weekday_and_the_days_until_the_row() -> None:
    assert parts("signed") == ["year", "month", "weekday", "hour", "days_since"]


def test_the_time_itself_gives_what_comes_round_within_a_partition() -> None:
    assert parts("at") == ["weekday", "hour"]
    assert parts("at", every="year") == ["month", "weekday", "hour"]
    assert parts("at", every="day") == ["hour"]


def test_a_date_close_to_the_time_gives_no_month_which_could_only_drift() -> None:
    assert "month" not in parts("ordered")
    assert "days_since" in parts("ordered")


def test_what_a_column_says_already_is_not_derived_again() -> None:
    assert parts("at", beside=("weekday",)) == ["hour"]


@pytest.mark.parametrize(
    ("values", "kind", "low", "high"),
    [
        (AT.dt.month, "category", 0.95, 1),
        (AT.dt.quarter, "category", 0.9, 1),
        (pd.Series(np.arange(N)), "number", 0.8, 1),
        (pd.Series(RNG.normal(size=N)), "number", 0, 0.15),
        (pd.Series(RNG.choice(list("abc"), N)), "category", 0, 0.05),
        (pd.Series(["a"] * N), "category", 0, 0),
    ],
)
def test_the_share_that_the_partition_tells(values: pd.Series, kind: str, low: float, high: float) -> None:
    assert low <= follows_partition(values, kind, MONTH) <= high + 1e-9


def test_dates_that_come_later_are_counted() -> None:
    frame = FRAME.assign(ended=FRAME["at"] + pd.Timedelta(days=9))
    assert share_after(frame, "ended", "at", "UTC") == 1
    assert share_after(frame, "signed", "at", "UTC") == 0
