"""docker-compose.yml as its tests read it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<text>[^}]*))?\}")


def services() -> dict[str, dict[str, Any]]:
    """Return the services as written, variables not yet replaced."""
    document: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["services"]
    return document


def command(service: str, changes: Mapping[str, str]) -> list[str]:
    """Return a service's command line for this machine: its program from here, and other values after some options."""
    program, *words = shlex.split(services()[service]["command"])
    for option, value in changes.items():
        words[words.index(option) + 1] = value
    return [str(Path(sys.executable).parent / program), *words]
