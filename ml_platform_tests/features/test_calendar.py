"""What a date tells is read in the model's time zone, from dates, timestamps and text alike, and row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ml_platform.errors import SpecError
from ml_platform.features.calendar import CALENDAR, in_timezone
from ml_platform.features.derivations import load_derivations
from ml_platform.features.derive import derive

COLUMNS = {
    "timestamps with a zone": pd.Series(pd.to_datetime(["2024-02-28 23:30Z", None, "2024-03-03 12:00Z"])),
    "local timestamps": pd.Series(pd.to_datetime(["2024-02-29 00:30", None, "2024-03-03 13:00"])),
    "text": pd.Series(["2024-02-29T00:30:00", None, "2024-03-03T13:00:00"]),
}
EXPECTED = {"year": [2024, 2024], "month": [2, 3], "weekday": [4, 7], "hour": [0, 13]}


@pytest.mark.parametrize("part", EXPECTED)
@pytest.mark.parametrize("column", COLUMNS)
def test_parts_are_those_of_the_time_zone(part: str, column: str) -> None:
    found = derive("f", in_timezone(part, "Europe/Berlin"), {"at": COLUMNS[column]})
    assert found.dropna().tolist() == EXPECTED[part]
    assert found.isna().tolist() == [False, True, False]


def test_dates_have_days_between_them_and_since_1970() -> None:
    at = pd.Series([date(1970, 1, 3), None, date(2024, 2, 29)])
    until = pd.Series([date(1970, 1, 13), date(2024, 1, 1), date(2024, 3, 1)])
    between = derive("f", in_timezone("days_since", "UTC"), {"at": at, "until": until})
    assert between.dropna().tolist() == [10, 1]
    assert derive("f", in_timezone("days_since", "UTC"), {"at": at}).dropna().tolist() == [2, 19782]


def test_the_calendar_needs_no_code_and_a_wrong_name_is_said(tmp_path: Path) -> None:
    found = load_derivations(None, [f"calendar.{name}" for name in CALENDAR], timezone="Asia/Tokyo")
    assert set(found) == {f"calendar.{name}" for name in CALENDAR}
    with pytest.raises(SpecError, match=r"'mnth' does not exist.*Did you mean 'month'"):
        load_derivations(None, ["calendar.mnth"])
    with pytest.raises(SpecError, match=r"features.py does not exist"):
        load_derivations(tmp_path / "features.py", ["calendar.month", "own"])
