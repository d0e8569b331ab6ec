"""Where Dagster keeps its runs and events, when nobody has said otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from operator import methodcaller
from pathlib import Path

import dagster as dg
import yaml

from ml_platform.errors import SettingError
from ml_platform.stores.files import write_atomically
from ml_platform.stores.installation import Installation

DAGSTER_HOME = "DAGSTER_HOME"

HEAD = "# Written by ml-platform for a single machine; deploy/dagster.yaml is the one for a server.\n"

SETTINGS = f"""\
{HEAD}event_log_storage:
  module: ml_platform.orchestration.execution.event_log
  class: BatchedEventLog
telemetry:
  enabled: false
nux:
  enabled: false # no invitation to a newsletter
concurrency:
  pools:
    default_limit: 1 # steps of one pool, such as the training of one model, run one at a time
  runs:
    max_concurrent_runs: 2
run_launcher:
  module: ml_platform.orchestration.execution.run_launcher
  class: WatchedRunLauncher
run_monitoring:
  enabled: true
  poll_interval_seconds: 15
  free_slots_after_run_end_seconds: 15 # a dead run frees its place in a pool within a minute
  max_runtime_seconds: 7200 # a run of which nothing is known ends as failed instead of never
"""


def ensure_dagster_home() -> Path:
    """Return ``DAGSTER_HOME``; when it is not set, it becomes ``<data>/dagster``, with settings for one machine."""
    folder = Path(os.environ.setdefault(DAGSTER_HOME, str(Installation.from_environment().data / "dagster")))
    if not folder.is_absolute() or folder.is_file():
        raise SettingError(f"{DAGSTER_HOME}: '{folder}' is not the absolute path of a folder")
    settings = folder / "dagster.yaml"
    text = settings.read_text(encoding="utf-8") if settings.exists() else HEAD
    if text.startswith(HEAD) and text != SETTINGS:  # none yet, or ours of an older version
        write_atomically(settings, methodcaller("write", SETTINGS.encode()))
    return folder


@contextmanager
def dagster_instance() -> Iterator[dg.DagsterInstance]:
    """Yield Dagster's instance at home, see `ensure_dagster_home`; SettingError, when its settings cannot be used."""
    folder = ensure_dagster_home()
    try:
        instance = dg.DagsterInstance.get()
    except (dg.DagsterError, yaml.YAMLError) as error:
        raise SettingError(f"Dagster cannot use {folder / 'dagster.yaml'}: {error}") from error
    with instance:
        yield instance
