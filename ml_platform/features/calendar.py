"""CALENDAR: what a date tells. A feature names an entry in `derive`, such as ``calendar.month``."""

from collections.abc import Callable
from functools import wraps

import pandas as pd

from ml_platform.instants import to_instants

SECONDS_OF_A_DAY = 86_400
EPOCH = pd.Timestamp("1970-01-01", tz="UTC")


def year(at: pd.Series) -> pd.Series:
    """Return the year."""
    return _numbers(at.dt.year)


def month(at: pd.Series) -> pd.Series:
    """Return the month, 1 to 12."""
    return _numbers(at.dt.month)


def weekday(at: pd.Series) -> pd.Series:
    """Return the day of the week, 1 for Monday to 7 for Sunday."""
    return _numbers(at.dt.dayofweek) + 1


def hour(at: pd.Series) -> pd.Series:
    """Return the hour of the day, 0 to 23."""
    return _numbers(at.dt.hour)


def days_since(at: pd.Series, until: pd.Series | None = None) -> pd.Series:
    """Return the days from a date until another; until the date from 1970 on, where it is the only one."""
    between = at - EPOCH if until is None else until - at
    return _numbers(between.dt.total_seconds()) / SECONDS_OF_A_DAY


def _numbers(values: pd.Series) -> pd.Series:
    numbers: pd.Series = values.astype("float64")
    return numbers


CALENDAR: dict[str, Callable[..., pd.Series]] = {
    function.__name__: function for function in (year, month, weekday, hour, days_since)
}


def in_timezone(name: str, timezone: str) -> Callable[..., pd.Series]:
    """Return an entry of CALENDAR as a derivation of columns with dates or times, read in a time zone."""
    function = CALENDAR[name]

    @wraps(function)
    def derivation(*columns: pd.Series) -> pd.Series:
        times = (to_instants(column, timezone=timezone).dt.tz_convert(timezone) for column in columns)
        return function(*times)

    return derivation
