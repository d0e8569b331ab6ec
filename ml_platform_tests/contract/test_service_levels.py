"""Ages are counted in the model's time zone, and a contract cannot state another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.contract import Contract
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.rejected import (
    Change,
    assert_rejected,
    level,
)
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
AT: dict[str, Any] = {"name": "at", "logicalType": "timestamp"}
FRESH = {"slaProperties": [{"property": "freshness", "element": "things.at", "value": 2, "unit": "h"}]}


def passed(contract: Contract, newest: object) -> bool:
    result = validate(contract, pd.DataFrame({"at": [newest]}), file="things.parquet", now=NOON)
    (check,) = (check for check in result.check_results if check.check.startswith("sla_"))
    return check.passed


@pytest.mark.parametrize(
    ("timezone", "written", "age"),
    [
        ("Asia/Tokyo", "2026-01-10 11:30", timedelta(hours=9, minutes=30)),
        ("Asia/Tokyo", "2026-01-10 20:00", timedelta(hours=1)),
        ("America/New_York", "2026-01-10 06:30", timedelta(minutes=30)),
        ("UTC", "2026-01-10 09:30", timedelta(hours=2, minutes=30)),
    ],
)
def test_the_age_of_times_without_a_zone_is_counted_in_the_models_zone(
    tmp_path: Path, timezone: str, written: str, age: timedelta
) -> None:
    """Read as UTC, a table from Tokyo 9.5 hours late passed, and one from New York of half an hour ago failed."""
    contract = things(tmp_path, AT, **FRESH).in_timezone(timezone)
    assert passed(contract, pd.Timestamp(written)) == (age <= timedelta(hours=2))
    assert passed(contract, pd.Timestamp(NOON) - age) == (age <= timedelta(hours=2)), "an offset of its own stays"


def test_days_begin_in_the_models_zone(tmp_path: Path) -> None:
    day = {"name": "at", "logicalType": "date"}
    level = {"slaProperties": [{"property": "freshness", "element": "things.at", "value": 22, "unit": "h"}]}
    for timezone, fresh in (("Asia/Tokyo", True), ("UTC", False)):
        midnight = datetime(2026, 1, 10, tzinfo=UTC).date() - timedelta(days=timezone == "UTC")
        assert passed(things(tmp_path, day, **level).in_timezone(timezone), midnight) == fresh


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a service level": (level(property="availability", value=99), ["slaProperties, availability", "cannot run it"]),
    "a service level of no column": (level(property="latency", value=1), ["orders.<column>", "'None'"]),
    "a service level of an unknown column": (
        level(property="latency", value=1, element="orders.att"),
        ["no column 'att'", "Did you mean 'at'?"],
    ),
    "a service level of text": (
        level(property="latency", value=1, element="orders.note"),
        ["'note' is of type string"],
    ),
    "a unit of a service level": (
        level(property="latency", value=1, unit="dais", element="orders.at"),
        ["cannot run unit 'dais'", "Did you mean 'days'?"],
    ),
    "a span that is none": (level(property="latency", value="P", element="orders.at"), ["a duration such as PT36H"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
