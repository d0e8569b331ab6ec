"""The log of a run in a file: its events with their stacks, and what libraries log meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

KEPT = 100
"""Log files that stay; older ones are removed."""

FORM = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


class _Handler(logging.FileHandler):
    """A file that is written as long as it can be: on a full disk the stores say so, and the run's own error counts."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Go on; `logging` would print a stack for each record."""

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):
            super().close()


class RunLog:
    """A listener to the events of a run, which writes them to a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.handler = _Handler(file, encoding="utf-8")
        self.handler.setFormatter(FORM)

    def __call__(self, entry: dg.EventLogEntry) -> None:
        """Write an event."""
        event = entry.dagster_event
        said = [entry.user_message or (event.message if event else "") or (event.event_type_value if event else "")]
        if (error := entry.error_info or _error_of(event)) is not None:
            said.append(error.to_string())
        level = entry.level if isinstance(entry.level, int) else logging.getLevelNamesMapping()[entry.level.upper()]
        record = logging.LogRecord(entry.step_key or "run", level, "", 0, "\n".join(said), None, None)
        record.created = entry.timestamp
        self.handler.handle(record)


def _error_of(event: dg.DagsterEvent | None) -> Any:
    """Return the error of a failed step or run."""
    if event is None:
        return None
    if event.is_step_failure:
        return event.step_failure_data.error
    return event.job_failure_data.error if event.event_type == dg.DagsterEventType.RUN_FAILURE else None


@contextmanager
def run_log(folder: Path, name: str) -> Iterator[RunLog]:
    """Yield the log of a run, in a new file of a folder; until then, what libraries log and warn goes there only."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.log"))[: -KEPT + 1]:
        old.unlink(missing_ok=True)
    log, root = RunLog(folder / f"{datetime.now(tz=UTC):%Y-%m-%dT%H%M%S}_{name}.log"), logging.getLogger()
    level = root.level
    root.addHandler(log.handler)
    root.setLevel(logging.INFO)
    try:
        yield log
    finally:
        root.setLevel(level)
        root.removeHandler(log.handler)
        log.handler.close()
