"""What hinders a process before it begins. Each is called in the process itself."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path


@dataclass(frozen=True)
class FullDisk:
    """No file can grow beyond a size, as when the disk is full."""

    n_bytes: int

    def __call__(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.n_bytes, self.n_bytes))


@dataclass(frozen=True)
class WithoutPrivileges:
    """The process is bound by permissions even if it is root's."""

    def __call__(self) -> None:
        if sys.platform == "linux" and os.geteuid() == 0:
            header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
            assert ctypes.CDLL(None, use_errno=True).capset(header, none) == 0


@dataclass(frozen=True)
class Impatient:
    """SQLite waits for another process for a second only, instead of half a minute."""

    def __call__(self) -> None:
        from ml_platform.stores.database import connection
        from ml_platform.stores.mlflow import server

        connection.BUSY_SECONDS = 1
        server.CONNECT_TIMEOUT_SECONDS = 1


@dataclass(frozen=True)
class ClockSetBack:
    """The clock of everything in the platform is behind."""

    by: timedelta

    def __call__(self) -> None:
        behind = type("Behind", (_Behind,), {"by": self.by})
        for name, module in list(sys.modules.items()):
            if name.startswith("ml_platform.") and getattr(module, "datetime", None) is datetime:
                module.datetime = behind  # type: ignore[attr-defined]


class _IsDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _Behind(datetime, metaclass=_IsDatetime):
    by = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz) - cls.by


def hold_lock(database: Path, held: Path) -> None:
    """Hold the writer's lock of an SQLite database until the process is killed."""
    import sqlite3
    import time

    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    held.touch()
    time.sleep(600)


def serve_mlflow(database: str, port: int) -> None:
    """Run MLflow's own server, without its background jobs."""
    import uvicorn

    os.environ["_MLFLOW_SERVER_FILE_STORE"] = os.environ["_MLFLOW_SERVER_REGISTRY_STORE"] = database
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    from mlflow.server.fastapi_app import app

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
