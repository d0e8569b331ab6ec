"""The derivations of `flights`, on values worked out by hand."""

from pathlib import Path

import pandas as pd

import ml_platform
from ml_platform.features.derivations import load_derivations
from ml_platform.features.derive import derive

NAMES = ("hour_of_clock_time", "day_of_week", "scheduled_minutes", "plane_age", "outcome_available_at")
FUNCTIONS = load_derivations(Path(ml_platform.__path__[0]) / "defs/flights/features.py", NAMES)


def derived(name: str, *columns: list[object]) -> list[object]:
    series = {f"column {n}": pd.Series(values) for n, values in enumerate(columns)}
    return [None if pd.isna(value) else value for value in derive(name, FUNCTIONS[name], series)]


def test_clock_times_are_hours() -> None:
    assert derived("hour_of_clock_time", [515, 0, 2359, 1200.0, None]) == [5.25, 0, 23 + 59 / 60, 12, None]


def test_days_have_their_names() -> None:
    assert derived("day_of_week", [2013, 2013, 2016], [1, 12, 2], [1, 29, 29]) == ["Tue", "Sun", "Mon"]


def test_scheduled_minutes_cross_midnight() -> None:
    assert derived("scheduled_minutes", [515, 2330, 1000], [819, 15, 1000]) == [184, 45, 0]


def test_age_is_unknown_where_the_year_of_manufacture_is() -> None:
    assert derived("plane_age", [1999.0, None, 2013.0], [2013, 2013, 2013]) == [14, None, 0]


def test_an_outcome_is_known_when_the_flight_must_have_reached_its_gate() -> None:
    scheduled = [pd.Timestamp("2013-01-01T10:00Z")] * 3
    found = derived("outcome_available_at", scheduled, [-10.0, 90.0, None], [100.0, 60.0, None])
    assert found == [pd.Timestamp("2013-01-01T14:30Z"), pd.Timestamp("2013-01-01T15:30Z"), None]
