"""``ml-platform verify``: hashes everything again and names what is not as recorded."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ml_platform.errors import UnknownId
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    from ml_platform.lineage.verification.difference import Check, Difference

WRONG_CALL = 2
SHOWN = 5
"""Dependents that are named; the JSON has all."""


@click.command()
@click.option("--model", help="Only this model, and the raw files that it was made from.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def verify(model: str | None, output: str) -> None:
    """Hash raw files, DVC's cache, tables, documents, ledger and models again, and name what is not as recorded.

    Exit code 0 when all is as recorded, 1 when something differs, 2 for a model of which nothing is stored.
    """
    try:
        todo = list(checks(Stores(Installation.from_environment()), model))
    except UnknownId as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(WRONG_CALL)
    found = run(todo)
    if output == "json":
        click.echo(json.dumps([asdict(difference) for difference in found], indent=2, ensure_ascii=False))
    else:
        for difference in found:
            click.echo(text(difference))
        click.echo(f"checks: {len(todo)}, differences: {len(found)}")
    sys.exit(1 if found else 0)


def run(todo: list[Check]) -> list[Difference]:
    """Run the checks, with their progress on the terminal."""
    from rich.console import Console
    from rich.progress import Progress

    found: list[Difference] = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=len(todo))
        for check in todo:
            progress.update(task, description=check.name)
            found += check.differences()
            progress.advance(task)
    return found


def text(difference: Difference) -> str:
    """Return a difference in five lines."""
    more = len(difference.dependents) - SHOWN
    dependents = [*difference.dependents[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join(
        [
            f"DIFFERS {difference.file}",
            f"  recorded: {difference.recorded}",
            f"  found: {difference.found}",
            f"  made from it: {', '.join(dependents) or 'nothing'}",
            f"  do: {difference.run}",
        ]
    )
