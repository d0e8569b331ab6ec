"""Which commit the code is at."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

GIT_COMMIT = "GIT_COMMIT"


def git_commit(folder: Path) -> str:
    """Return the commit of a folder, ``-dirty`` behind it when files differ from it; ``unknown`` outside a repository.

    In a container without git, the variable ``GIT_COMMIT`` says it.
    """
    if GIT_COMMIT in os.environ:
        return os.environ[GIT_COMMIT]
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.strip()
