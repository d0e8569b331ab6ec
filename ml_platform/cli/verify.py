"""``ml-platform verify``: hashes everything again and names what is not as recorded."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass

import click
from rich.console import Console
from rich.progress import track

from ml_platform.cli.typed import say
from ml_platform.lineage.verification.difference import Check, Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

DIFFERS, NOT_CHECKED = 1, 3
SHOWN = 5
"""Dependents that are named; the JSON has all."""

LINES = 3
"""Problems that are told in a line each; `--verbose` tells all of them in full."""


@dataclass(frozen=True)
class NotChecked:
    """A check that could not look."""

    check: str
    error: str


@click.command()
@click.option("--model", help="Only this model, and the raw files that it was made from.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--verbose", is_flag=True, help="Tell every difference, with what was recorded and what was made from it."
)
def verify(model: str | None, output: str, verbose: bool) -> None:
    """Hash everything that is stored again, and name what is not as recorded.

    That is: raw files, DVC's cache, the database, tables, documents, reports, the ledger, and models in MLflow. Exit
    code 0 when all is as recorded, 1 when something differs, 2 for a model of which nothing is stored, 3 when nothing
    differs and something could not be looked at.
    """
    todo = list(checks(Stores(Installation.from_environment()), model))
    found, not_checked = run(todo)
    if output == "json":
        document = {"differences": list(map(asdict, found)), "not_checked": list(map(asdict, not_checked))}
        say(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        for line in in_full(found, not_checked) if verbose else in_short(found, not_checked):
            say(line)
        verdict = "DIFFERS" if found else "NOT CHECKED" if not_checked else "AS RECORDED"
        say(f"{verdict}: checks: {len(todo)}, differences: {len(found)}, not checked: {len(not_checked)}")
    sys.exit(DIFFERS if found else NOT_CHECKED if not_checked else 0)


def run(todo: Collection[Check]) -> tuple[list[Difference], list[NotChecked]]:
    """Run the checks, with their progress on the terminal; an error in one is kept, and the others go on."""
    found: list[Difference] = []
    not_checked: list[NotChecked] = []
    for check in track(todo, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()):
        try:
            found += check.differences()
        except Exception as error:  # whatever it is, it is told, and the other checks go on
            not_checked.append(NotChecked(check.name, f"{type(error).__name__}: {error}"))
    return found, not_checked


def in_full(found: Sequence[Difference], not_checked: Sequence[NotChecked]) -> Iterator[str]:
    """Yield all of it."""
    yield from map(text, found)
    for one in not_checked:
        yield f"NOT CHECKED {one.check}\n  error: {one.error}"


def in_short(found: Sequence[Difference], not_checked: Sequence[NotChecked]) -> Iterator[str]:
    """Yield at most `LINES` problems in a line each, and how many more there are."""
    lines = [f"  {one.what}: {one.found}. {one.run}" for one in found]
    lines += [f"  {one.check} was not checked: {one.error.splitlines()[0]}" for one in not_checked]
    yield from lines[:LINES]
    if len(lines) > LINES:
        yield f"  and {len(lines) - LINES} more; all of it: ml-platform verify --verbose"


def text(difference: Difference) -> str:
    """Return a difference in five lines."""
    more = len(difference.dependents) - SHOWN
    dependents = [*difference.dependents[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return f"""\
DIFFERS {difference.what}
  recorded: {difference.recorded}
  found: {difference.found}
  made from it: {", ".join(dependents) or "nothing"}
  do: {difference.run}"""
