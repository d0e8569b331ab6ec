"""Commands in messages, as they can be typed here: with their path when the environment is not active."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import click

PROGRAMS = {
    "ml-platform": r"[a-z]",
    "dvc": r"(?:commit|repro|metrics|plots|checkout)\b",
    "dg": r"(?:check|dev|scaffold)\b",
}
"""Programs of this environment that messages name, and how what follows them begins."""

COMMAND = re.compile(r"(?<![\w./-])(?:" + "|".join(rf"{name}(?= {begin})" for name, begin in PROGRAMS.items()) + ")")


def program(name: str = "ml-platform") -> str:
    """Return what to type for a program of this environment: its name where the shell finds it, otherwise its path."""
    binary = Path(sys.executable).parent / name
    found = shutil.which(name)
    if not binary.exists() or (found is not None and Path(found).samefile(binary)):
        return name
    here = Path.cwd()
    return str(binary.relative_to(here)) if binary.is_relative_to(here) else str(binary)


def as_typed(text: str) -> str:
    """Return a text whose commands, such as ``ml-platform fetch``, can be typed as they stand."""
    return COMMAND.sub(lambda found: program(found[0]), text)


def say(text: object = "", *, err: bool = False) -> None:
    """Print a message: everything that a command tells goes through here."""
    click.echo(as_typed(str(text)), err=err)
