"""The progress of a run: a line per step, and per earlier partition that a step fills, with its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import dagster as dg


@dataclass(frozen=True)
class Done:
    """A step that has ended, or what a step has made of an earlier partition."""

    name: str
    """Of the asset, without its model."""
    partition: str | None
    seconds: float

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.name, self.partition)))
        return f"{what:<32} {self.seconds:6.1f} s"


@dataclass
class Progress:
    """A listener to the events of a run, which tells what has been done."""

    on_step: Callable[[Done], None]
    partition: str | None
    """The run's."""
    _last_at: dict[str, float] = field(default_factory=dict)
    """By step: when it started, or when what it told of last had ended."""
    _partition_of: dict[str, str | None] = field(default_factory=dict)
    """By step: the partition that it has made; none of an asset without partitions."""

    def __call__(self, entry: dg.EventLogEntry) -> None:
        """Take an event."""
        event, step = entry.dagster_event, entry.step_key
        if event is None or step is None:
            return
        if event.is_step_start:
            self._last_at[step] = entry.timestamp
        elif event.is_step_materialization and event.asset_key is not None:
            if event.partition in (None, self.partition):
                self._partition_of[step] = event.partition
            else:
                self._tell(step, event.asset_key.path[-1], event.partition, entry.timestamp)
        elif event.is_step_success:
            self._tell(step, step.partition("__")[2] or step, self._partition_of.get(step), entry.timestamp)

    def _tell(self, step: str, name: str, partition: str | None, at: float) -> None:
        self.on_step(Done(name, partition, at - self._last_at.get(step, at)))
        self._last_at[step] = at
