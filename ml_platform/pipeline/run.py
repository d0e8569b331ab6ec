"""The run that a step is part of: a Dagster run, or a plain call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ml_platform.stores.artifact import Manifest


@dataclass(frozen=True)
class RunContext:
    """What a step is told about the run that it is part of."""

    run_id: str = ""
    """Dagster's id of the run; empty outside of Dagster."""
    log: Callable[[str], None] = lambda _: None
    """Where a step reports progress."""
    mlflow_run: Callable[[str, str], str | None] = lambda _model, _name: None
    """Returns the id of the run's MLflow run for a model, called so, and opens it at the first call; None without
    one."""
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC)
    """Clock of the run."""
    fresh: dict[str, Manifest] = field(default_factory=dict, repr=False, compare=False)
    """Tables that the run has found fresh, by artifact. A step that makes something new forgets them all."""
