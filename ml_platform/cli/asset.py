"""``ml-platform asset``: Dagster's own group of commands, with ``materialize`` and ``check`` of the platform."""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

import click

from ml_platform.cli.check_output import OUTPUTS
from ml_platform.cli.group import Group
from ml_platform.cli.needed import require_stores
from ml_platform.cli.outcome import outcome_lines
from ml_platform.cli.project import Project
from ml_platform.cli.run import tell_end
from ml_platform.cli.typed import say
from ml_platform.errors import WrongCall
from ml_platform.orchestration.dagster_private import WRONG_ASSETS, asset_commands
from ml_platform.orchestration.execution.dagster_home import dagster_instance, ensure_dagster_home
from ml_platform.orchestration.execution.run_assets import find_assets, run_assets
from ml_platform.orchestration.execution.run_checks import run_checks
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

VERB_OF = {"drift": "score", "decision": "train", "exploration": "explore", "features": "ingest"}
"""Asset → the verb whose outcome says what has come of it; the first that was materialized counts."""


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

    `check` and `materialize` are the platform's own commands, the others Dagster's.
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
    project = Project.here()
    with dagster_instance() as instance:
        results = run_checks(
            project.definitions(), instance, select=select, partition=partition, location=project.location
        )
    say(OUTPUTS[output](results))
    sys.exit(1 if any(result.status == "failed" for result in results) else 0)


@asset.command()
@click.option("--select", required=True, help="Assets, in Dagster's selection syntax.")
@click.option("--partition", help="Partition to materialize.")
def materialize(select: str, partition: str | None) -> None:
    """Materialize assets of a partition, with their checks.

    Exit code 0 when they are materialized, 1 when something failed, 2 for a wrong call.
    """
    project, stores = Project.here(), Stores(Installation.from_environment())
    definitions = project.definitions()
    keys = find_assets(definitions, select, partition)
    made = {key.path[-1] for key in keys}
    verb = next((VERB_OF[name] for name in VERB_OF if name in made), "validate")
    require_stores(stores, verb)
    with dagster_instance() as instance:
        outcome = run_assets(
            definitions,
            instance,
            keys,
            partition=partition,
            location=project.location,
            on_step=lambda done: say(f"  {done}"),
            on_wait=say,
        )
    groups = {key.path[0] for key in keys}
    model = project.load(groups.pop()) if len(groups) == 1 and made & VERB_OF.keys() else None
    for line in outcome_lines(stores, model, verb, partition) if outcome.success and model else ():
        say(line)
    tell_end(" ".join(filter(None, ("materialize", select, partition))), outcome)
    sys.exit(0 if outcome.success else 1)
