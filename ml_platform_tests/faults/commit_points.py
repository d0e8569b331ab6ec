"""The moments in which a process makes something last: its commit points, at each of which it can be killed.

They are those of the platform's database, of MLflow's, and of the object store. Between two of them nothing that lasts
is changed, so being killed there is being killed at the next one.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

REACHED = "commit_points.txt"
"""File in the working folder to which a process writes the points that it reaches."""

DATABASES = ("ml_platform", "mlflow")
"""Names of the database files; Dagster's own log is Dagster's affair."""

WRITES = re.compile(r"\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
DETAILS = re.compile(r"""\"(?:artifact|action)\\?": \"([^"]+)\"|'(champion|challenger)'""")
"""What else tells one commit from another, in the parameters of its statements."""

NAMES = re.compile(r"\b(m-)?[0-9a-f]{16,}\b")
"""Hashes and ids of runs, which are others in each run."""


@dataclass(frozen=True)
class KilledAt:
    """Kills the process, as `kill -9` does, at the first commit point that has some words, or `later` ones after it."""

    words: str
    later: int = 0

    def __call__(self) -> None:
        left: list[int] = []

        def reach(point: str) -> bool:
            if left or self.words in point:
                left.append(len(left))
            return len(left) == self.later + 1

        watch(reach)


@dataclass(frozen=True)
class KilledAtNext:
    """Kills the process at the first commit point at which none of its kind was killed before, and writes that down."""

    def __call__(self) -> None:
        file = Path(REACHED)
        known = file.read_text().splitlines() if file.exists() else []
        seen: Counter[str] = Counter()

        def reach(point: str) -> bool:
            seen[point] += 1
            this = f"{point} ({seen[point]})"
            if this in known:
                return False
            with file.open("a") as reached:
                reached.write(f"{this}\n")
            return True

        watch(reach)


def watch(reach: Callable[[str], bool]) -> None:
    """Call a function at each commit point of this process; it says whether the process is killed there."""
    rename, do_commit, written = obstore.rename, DefaultDialect.do_commit, threading.local()

    def at(point: str) -> None:
        if reach(NAMES.sub("…", point)):
            os.kill(os.getpid(), signal.SIGKILL)

    def renamed(store: Any, source: str, target: str, **options: Any) -> Any:
        at(f"object {target}")
        return rename(store, source, target, **options)

    def executed(connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        database = Path(urlsplit(str(connection.engine.url)).path).stem
        if database in DATABASES and (found := WRITES.match(statement)):
            details = [" ".join(filter(None, groups)) for groups in DETAILS.findall(str(parameters))]
            words = " ".join((f"{database}.{found.group(1)}", *dict.fromkeys(details), ""))
            written.__dict__.setdefault("tables", {})[words] = None

    def committed(dialect: DefaultDialect, connection: Any) -> None:
        if tables := written.__dict__.pop("tables", None):
            at(f"commit of {', '.join(tables)}")
        do_commit(dialect, connection)

    obstore.rename = renamed
    DefaultDialect.do_commit = committed  # type: ignore[method-assign]
    sa.event.listen(sa.Engine, "before_cursor_execute", executed)
