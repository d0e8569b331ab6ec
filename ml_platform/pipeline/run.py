"""The run that a step is part of: a Dagster run, or a plain call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def _utc_now() -> datetime:
    return datetime.now(tz=UTC)


@dataclass(frozen=True)
class RunContext:
    """What a step is told about the run that it is part of.

    Attributes
    ----------
    run_id
        Dagster's id of the run; empty outside of Dagster.
    log
        Where a step reports progress.
    mlflow_parent
        Returns the id of the MLflow run that stands for the run, and opens it at the first call; None without one.
    now
        Clock of the run.
    """

    run_id: str = ""
    log: Callable[[str], None] = lambda _: None
    mlflow_parent: Callable[[], str | None] = lambda: None
    now: Callable[[], datetime] = _utc_now
