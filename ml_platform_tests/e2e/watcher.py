"""What Dagster's instance says of its runs and of the ticks of its sensors."""

from __future__ import annotations

from typing import Any

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorState, TickStatus


class Watcher:
    """Questions to an instance that another process works on."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance

    def under_way(self) -> list[dg.DagsterRun]:
        return [run for run in self.instance.get_runs() if not run.is_finished]

    def state(self, sensor: str) -> InstigatorState:
        (state,) = (one for one in self.instance.all_instigator_state() if one.name == sensor)
        return state

    def cursor(self, sensor: str) -> str | None:
        data: Any = self.state(sensor).instigator_data
        return data.cursor if data else None

    def is_ticking(self, sensor: str) -> bool:
        state = self.state(sensor)
        ticks = self.instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
        return bool(ticks) and ticks[0].status == TickStatus.STARTED

    def process_in(self, job: str, step: str) -> int | None:
        """Return the process of a run of a job that is under way and has come to a step."""
        for run in self.instance.get_runs(dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.STARTED])):
            events = [entry.dagster_event for entry in self.instance.all_logs(run.run_id) if entry.dagster_event]
            told = [event.engine_event_data.metadata for event in events if event.is_engine_event]
            pids = [metadata["pid"].value for metadata in told if "pid" in metadata]
            if pids and any(event.is_step_start and event.step_key == step for event in events):
                return int(pids[0])
        return None
