"""The `retraining:` block of a model's YAML."""

from functools import cache

from pydantic import Field, field_validator

from ml_platform.choices import Block


class RetrainingPolicy(Block):
    """When a model is trained again."""

    cron: str | None = None
    """When the schedule triggers a retrain, in the model's time zone; none means no schedule."""
    cooldown_hours: float = Field(default=24, ge=0, le=24 * 366, allow_inf_nan=False)
    """Drift triggers no retrain for this long after the start of one that came to a decision."""
    retry_delay_minutes: float = Field(default=5, ge=0, le=24 * 60, allow_inf_nan=False)
    """A run that a sensor asked for and that failed is tried again after this long, then after twice as long, …"""
    max_attempts: int = Field(default=4, ge=1, le=20)
    """After so many failed attempts the sensor gives up: its tick fails once and names the run."""

    @field_validator("cron")
    @classmethod
    def _is_schedulable(cls, cron: str | None) -> str | None:
        if cron is not None:
            validate_cron(cron)
        return cron


@cache  # a thousand models have a few schedules
def validate_cron(cron: str) -> None:
    """Reject what Dagster cannot schedule, and a date that never comes, such as 31 February."""
    from croniter import CroniterBadDateError, croniter

    if not croniter.is_valid(cron) or not _is_known_to_dagster(cron):
        raise ValueError(f"'{cron}' is not a cron expression: minute hour day month weekday, such as '0 6 * * 1'")
    try:
        croniter(cron).get_next()
    except CroniterBadDateError:
        raise ValueError(f"'{cron}' names a time that never comes") from None


def _is_known_to_dagster(cron: str) -> bool:
    """Return whether it does without what only a newer croniter reads: a field of seconds, and 15W as a day."""
    fields = cron.split()
    return cron.startswith("@") or (len(fields) == 5 and "W" not in fields[2].upper())
