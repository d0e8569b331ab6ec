"""Which code runs: its commit, and the digest of its source."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ml_platform.stores.files import digest

GIT_COMMIT = "GIT_COMMIT"


def git_commit(folder: Path) -> str:
    """Return the commit of a folder, ``-dirty`` behind it when files differ from it; ``unknown`` outside a repository.

    In a container without git, the variable ``GIT_COMMIT`` says it.
    """
    if GIT_COMMIT in os.environ:
        return os.environ[GIT_COMMIT]
    return _git(folder, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*") or "unknown"


def platform_code(package: Path) -> str:
    """Return the commit of the platform's own package, or its release when it is installed and not checked out.

    An installed package may lie in somebody else's repository, whose commit would say nothing of it.
    """
    if GIT_COMMIT in os.environ or _git(package, "ls-files", "--error-unmatch", "__init__.py"):
        return git_commit(package)
    return f"ml-platform {version('ml-platform')}"


@cache
def code_version(*names: str) -> str:
    """Return the digest of the source of packages and modules of the platform, such as ``training``."""
    paths = [Path(__file__).parents[1] / name for name in names]
    modules = [module for path in paths for module in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return digest(b"".join(module.read_bytes() for module in modules))[:16]


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says, nothing when it fails."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
