"""The `retraining:` block of a model's YAML."""

from pydantic import BaseModel, ConfigDict, Field, field_validator


class RetrainingPolicy(BaseModel):
    """When a model is trained again.

    Attributes
    ----------
    cron
        When the schedule asks for a retrain, in the time zone of the model; none means never by the clock.
    cooldown_hours
        After a retrain was started, drift starts no other one for this long.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str | None = None
    cooldown_hours: float = Field(default=24, ge=0, allow_inf_nan=False)

    @field_validator("cron")
    @classmethod
    def _can_be_read(cls, cron: str | None) -> str | None:
        from croniter import croniter

        if cron is not None and not croniter.is_valid(cron):
            raise ValueError(f"'{cron}' is not a cron expression: minute hour day month weekday, such as '0 6 * * 1'")
        return cron
