"""``ml-platform asset``: Dagster's own group of commands, and ``check`` for CI."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import click

from ml_platform.cli.check_output import OUTPUTS
from ml_platform.cli.group import Group
from ml_platform.cli.typed import say
from ml_platform.definitions import defs
from ml_platform.errors import WrongCall
from ml_platform.orchestration.dagster_private import WRONG_ASSETS, asset_commands
from ml_platform.orchestration.execution.dagster_home import dagster_instance, ensure_dagster_home
from ml_platform.orchestration.execution.run_checks import run_checks


class AssetGroup(Group):
    """Dagster's own commands, whose errors about what was called are answered in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Call a command."""
        try:
            return super().invoke(ctx)
        except WRONG_ASSETS as error:
            said = str(error).splitlines()[0].removeprefix("Failure condition: ")
            raise WrongCall(f"{ctx.command_path} {ctx.invoked_subcommand}: {said}") from error


@click.group(cls=AssetGroup, commands=asset_commands())
def asset() -> None:
    """List, check, materialize and wipe assets.

    All but `check` are Dagster's own commands.
    """
    ensure_dagster_home()
    warnings.filterwarnings("ignore", message="Function `asset_.*` is superseded")  # Dagster's advice is `dg launch`
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
    with dagster_instance() as instance:
        results = run_checks(defs(), instance, select=select, partition=partition)
    say(OUTPUTS[output](results))
    sys.exit(1 if any(result.status == "failed" for result in results) else 0)
