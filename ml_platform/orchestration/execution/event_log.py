"""Dagster's event log in SQLite, written several events at a time."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import dagster as dg
from sqlalchemy import Connection, Engine, StaticPool, create_engine

from ml_platform.orchestration.dagster_private import INDEX_SHARD_NAME, SqliteEventLogStorage

WAIT_SECONDS = 1.0
"""How long an event waits for others: what a killed run may lose of its log, and how late the UI may show it."""

LOCKED_SECONDS = 30
"""How long a writer waits for another one, as in Dagster's own log."""

MOST_EVENTS = 500
"""Written at a time."""


class BatchedEventLog(SqliteEventLogStorage):
    """Dagster's own log, with the same files, which opens and commits them once for all events of a second.

    Dagster opens up to four databases for each event: that was 45% of the CPU time of a training run, for some 700
    events. How a run ends, and whatever happens outside of a run, is written at once; whoever reads sees every event.
    """

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._turn = threading.RLock()
        self._engines: dict[str, Engine] = {}
        self._open: dict[str, Connection] = {}
        self._waiting: list[dg.EventLogEntry] = []
        self._timer: threading.Timer | None = None
        self._tables: set[str] = set()
        self._asked: tuple[Any, float, Any] | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Return an empty schema: the files lie in Dagster's home, wherever that is moved."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> Self:
        """Return the log of Dagster's home, where Dagster's own would be."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Keep an event until others can be written with it."""
        with self._turn:
            self._waiting.append(event)
            if event.dagster_event is not None and event.dagster_event.is_step_materialization:
                self._asked = None
            if _is_urgent(event) or len(self._waiting) >= MOST_EVENTS:
                self.flush()
            elif self._timer is None:
                self._timer = threading.Timer(WAIT_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write the events that wait, in one transaction per database; when that fails, they wait on."""
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if not self._waiting:
                return
            with ExitStack() as opened:
                try:
                    for shard in dict.fromkeys((INDEX_SHARD_NAME, *(event.run_id for event in self._waiting))):
                        self._open[shard] = opened.enter_context(self._begin(shard))
                        self._open[shard].exec_driver_sql("BEGIN IMMEDIATE")
                    for event in self._waiting:
                        super().store_event(event)
                finally:
                    self._open.clear()
            self._waiting.clear()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._turn:
            if shard in self._open:
                yield self._open[shard]
                return
            if not self._open:
                self.flush()  # what is read or changed next must be there
            with self._begin(shard) as connection:
                yield connection

    @contextmanager
    def _begin(self, shard: str) -> Iterator[Connection]:
        """Begin a transaction on a database; those of the index and of the newest run stay open."""
        if shard not in self._engines:
            for other in set(self._engines) - {INDEX_SHARD_NAME, *self._open}:
                self._engines.pop(other).dispose()
            self._engines[shard] = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": LOCKED_SECONDS, "check_same_thread": False},
            )
        if shard not in self._initialized_dbs:
            self._initdb(self._engines[shard])
            self._initialized_dbs.add(shard)
        with self._engines[shard].begin() as connection:
            yield connection

    def fetch_materializations(
        self, records_filter: Any, limit: int, cursor: str | None = None, ascending: bool = False
    ) -> Any:
        """Return materializations; the same question is answered from memory for a second, or until there is a new one.

        Dagster asks for the newest one of its asset before it stores the outcome of each check.
        """
        asked = (records_filter, limit, cursor, ascending)
        with self._turn:
            if self._asked and self._asked[0] == asked and time.monotonic() - self._asked[1] < WAIT_SECONDS:
                return self._asked[2]
            found = super().fetch_materializations(records_filter, limit, cursor, ascending)
            self._asked = (asked, time.monotonic(), found)
            return found

    def has_table(self, table_name: str) -> bool:
        """Return whether a table exists; it is looked for once."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Write what waits, and stop."""
        self.flush()
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


def _is_urgent(event: dg.EventLogEntry) -> bool:
    """Return whether an event is of no run, ends or begins a run, or says that something failed."""
    happened = event.dagster_event
    return not event.run_id or (happened is not None and (happened.is_job_event or happened.is_failure))
