"""Columns that count the parts of a calendar, which have all of their values sooner or later."""

import calendar
import re
from collections.abc import Iterable
from typing import Any

from ml_platform.scaffold.profile import ColumnProfile

COUNTED: tuple[tuple[str, tuple[range, ...]], ...] = (
    ("month|mnth|mon", (range(1, 13), range(12))),
    ("weekday|dow|wday|dayofweek|day_of_week|day_of_the_week", (range(7), range(1, 8))),
    ("season|quarter|qtr", (range(1, 5), range(4))),
    ("hour|hr|hour_of_day|hour_of_the_day", (range(24), range(1, 25))),
    ("minute|second", (range(60),)),
    ("day|mday|day_of_month|day_of_the_month", (range(1, 32),)),
    ("yday|day_of_year|dayofyear", (range(1, 367),)),
    ("week|isoweek|week_of_year|weekofyear", (range(1, 54), range(53))),
)
"""Last words of a column's name → what such numbers run through, the usual way first."""
NAMED = (calendar.month_name[1:], calendar.month_abbr[1:], calendar.day_name, calendar.day_abbr)
STYLES = (str.title, str.lower, str.upper)


def full_set(profile: ColumnProfile) -> tuple[Any, ...]:
    """Return all values of the part of the calendar that a column holds; empty where it holds none.

    Numbers are recognised by the column's name, months and weekdays in English by their own. Weekdays that may be
    counted from 0 as well as from 1 have both.
    """
    if not profile.values:
        return ()
    if profile.kind == "string":
        return _names(profile.values)
    fitting = [counted for counted in _counted(profile.name) if set(profile.values) <= set(counted)]
    if profile.kind not in ("integer", "number") or not fitting:
        return ()
    return tuple(range(8)) if len(fitting) == 2 and len(fitting[0]) == 7 else tuple(fitting[0])


def _counted(name: str) -> tuple[range, ...]:
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return next((ranges for words, ranges in COUNTED if re.search(rf"(^|[^a-z])({words})$", plain)), ())


def _names(values: Iterable[Any]) -> tuple[str, ...]:
    written = (tuple(style(name) for name in names) for names in NAMED for style in STYLES)
    return next((names for names in written if set(values) <= set(names)), ())
