"""``ml-platform asset``: Dagster's own group of commands, and ``check`` for CI."""

from __future__ import annotations

import os
import sys

import click
import dagster as dg

from ml_platform.cli.check_output import OUTPUTS
from ml_platform.cli.group import Group
from ml_platform.cli.typed import say
from ml_platform.definitions import defs
from ml_platform.orchestration.dagster_private import asset_commands
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_checks import run_checks


@click.group(cls=Group, commands=asset_commands())
def asset() -> None:
    """List, check, materialize and wipe assets.

    All but `check` are Dagster's own commands.
    """
    ensure_dagster_home()
    os.environ.setdefault("DAGSTER_MODULE_NAME", "ml_platform.definitions")  # so that nobody has to say -m


@asset.command()
@click.option("--select", default="*", show_default=True, help="Assets, in Dagster's selection syntax.")
@click.option("--partition", help="Partition to check; by default, each asset's newest one.")
@click.option("--output", type=click.Choice(list(OUTPUTS)), default="text", show_default=True)
def check(select: str, partition: str | None, output: str) -> None:
    """Evaluate asset checks, and nothing else, on what is stored.

    Exit code 0 when no check of severity ERROR failed, 1 when one did, 2 for a wrong call or a selection that matches
    nothing. A check that could not run, or whose asset has nothing stored, has failed.
    """
    with dg.DagsterInstance.get() as instance:
        results = run_checks(defs(), instance, select=select, partition=partition)
    say(OUTPUTS[output](results))
    sys.exit(1 if any(result.status == "failed" for result in results) else 0)
