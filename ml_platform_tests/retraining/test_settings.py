"""A wrong `retraining:` block is rejected when it is read, not when Dagster builds the schedule."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.retraining.settings import RetrainingPolicy


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"cron": "every day"}, "'every day' is not a cron expression"),
        ({"cron": "0 6 * * * *"}, "is not a cron expression: minute hour day month weekday"),
        ({"cron": "0 0 15W * *"}, "is not a cron expression"),
        ({"cron": "0 0 31 2 *"}, "'0 0 31 2 \\*' names a time that never comes"),
        ({"cooldown_hours": -1}, "greater than or equal to 0"),
        ({"cooldown_hours": 1e300}, "less than or equal to"),
        ({"cooldown": 3}, "Extra inputs"),
        ({"retry_delay_minutes": -1}, "greater than or equal to 0"),
        ({"max_attempts": 0}, "greater than or equal to 1"),
    ],
)
def test_wrong_block_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        RetrainingPolicy(**block)


@pytest.mark.parametrize("cron", [None, "0 6 2 * *", "*/5 8-18 * * MON-FRI", "@daily", "0 0 29 2 *"])
def test_a_schedule_that_dagster_can_read_is_taken(cron: str | None) -> None:
    assert RetrainingPolicy(cron=cron).cron == cron
