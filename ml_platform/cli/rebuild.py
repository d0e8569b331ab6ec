"""``ml-platform rebuild``: a registered model trained again from its lineage, and compared with the recorded one."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import say
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.argument("model")
@click.option("--version", help="Version in the registry; by default the champion.")
@click.option("--into", required=True, type=click.Path(path_type=Path), help="An empty folder to work in.")
def rebuild(model: str, version: str | None, into: Path) -> None:
    """Retrain a registered version of MODEL from its recorded inputs, and compare the two.

    Exit code 0 when the result is the recorded model, byte for byte; 1 when it is not.
    """
    folder = Project.here().model(model)
    from ml_platform.pipeline.rebuild import rebuild as rebuild_version  # a mistyped name was answered before

    stores = Stores(Installation.from_environment())
    found = rebuild_version(stores, model, version, into.resolve(), folder=folder, on_progress=say)
    for why in found.code_differs:
        say(f"warning: {why}", err=True)
    validation = "the recorded model, byte for byte" if found.identical else "NOT the recorded model"
    verdict = "REBUILT" if found.identical else "DIFFERS"
    say(
        f"{verdict}: {model} version {found.version}, trained again: {validation}. Its predictions differ by at most "
        f"{found.max_abs_difference:.1e} on {found.n_rows:,} rows. See {into / 'report.json'}"
    )
    sys.exit(0 if found.identical else 1)
