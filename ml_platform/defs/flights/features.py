"""Derived features of `flights`, and when its outcomes were known. Each value comes from its own row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MINUTES_A_DAY = 24 * 60
TAXI_ALLOWANCE_HOURS = 3
"""For taxiing out and in together: 7 of the 327,346 flights that arrived in 2013 took longer."""


def hour_of_clock_time(clock: pd.Series) -> pd.Series:
    """Return a clock time written hhmm (515 is 05:15) as hours since midnight: 5.25."""
    return _minutes(clock) / 60


def day_of_week(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    """Return the day of a date as 'Mon' … 'Sun'."""
    import pandas as pd

    return pd.to_datetime({"year": year, "month": month, "day": day}).dt.day_name().str[:3]


def scheduled_minutes(departure: pd.Series, arrival: pd.Series) -> pd.Series:
    """Return the minutes from scheduled departure to arrival as the two clocks (hhmm) show them, modulo a day.

    Each clock is local, so this is the time in the air only within one time zone: a flight to Los Angeles looks three
    hours shorter. The difference is constant for a destination, up to daylight saving, and `dest` is a feature too.
    """
    return (_minutes(arrival) - _minutes(departure)) % MINUTES_A_DAY


def plane_age(built: pd.Series, flown: pd.Series) -> pd.Series:
    """Return the years between two years; missing where the year of manufacture is."""
    return flown - built


def outcome_available_at(scheduled: pd.Series, departure_delay: pd.Series, air_time: pd.Series) -> pd.Series:
    """Return an instant by which a flight had reached its gate; missing if it was cancelled or diverted.

    The clock of `arr_time` is the destination's, whose time zone is not in the table. So: when it left its gate, the
    minutes in the air, and an allowance for taxiing. Rather late than early, since a value that is used before it was
    known is a leak, and one that is used three hours late is three hours old in windows of days.
    """
    import pandas as pd

    # pandas' to_timedelta reads memory that it has not set where a number is missing, and warns of what it finds there
    flown = (departure_delay + air_time) * pd.Timedelta(minutes=1)
    return scheduled + flown + pd.Timedelta(hours=TAXI_ALLOWANCE_HOURS)


def _minutes(clock: pd.Series) -> pd.Series:
    return clock // 100 * 60 + clock % 100
