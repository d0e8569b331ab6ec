"""``ml-platform asset``: Dagster's own group of commands, and ``check`` for CI."""

from __future__ import annotations

import os
import sys

import click
import dagster as dg

from ml_platform.cli.check_output import OUTPUTS
from ml_platform.definitions import defs
from ml_platform.orchestration.dagster_private import asset_commands
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_checks import WrongCall, run_checks

WRONG_CALL = 2


@click.group(commands=asset_commands())
def asset() -> None:
    """List, materialize and wipe assets (Dagster's own commands), and check them."""
    ensure_dagster_home()
    os.environ.setdefault("DAGSTER_MODULE_NAME", "ml_platform.definitions")  # so that nobody has to say -m


@asset.command()
@click.option("--select", default="*", show_default=True, help="Assets, in Dagster's selection syntax.")
@click.option("--partition", help="Partition to check; by default, each asset's newest one.")
@click.option("--output", type=click.Choice(list(OUTPUTS)), default="text", show_default=True)
def check(select: str, partition: str | None, output: str) -> None:
    """Evaluate asset checks, and only them, on what is stored.

    Exit code 0 when no check of severity ERROR failed, 1 when one did, 2 for a wrong call or a selection that matches
    nothing. A check that could not run, or whose asset has nothing stored, has failed.
    """
    with dg.DagsterInstance.get() as instance:
        try:
            results = run_checks(defs(), instance, select=select, partition=partition)
        except WrongCall as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(WRONG_CALL)
    click.echo(OUTPUTS[output](results))
    sys.exit(1 if any(result.status == "failed" for result in results) else 0)
