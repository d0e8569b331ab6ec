"""What this platform wants of MLflow where the environment says nothing."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3",  # MLflow's own retries add up to four minutes
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}


def set_defaults() -> None:
    """Set DEFAULTS where the environment says nothing."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


@contextmanager
def changed(changes: Mapping[str, str]) -> Iterator[None]:
    """Change variables for a ``with`` block."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
