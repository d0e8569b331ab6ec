"""``ml-platform refresh``: recompute what is older than its file, its contract or its features, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
import dagster as dg

from ml_platform.cli.project import Project
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_job import refresh_model
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import StalePartition, files_outside, stale_partitions, trained_on_older_data
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.argument("name", metavar="MODEL")
@click.option("--dry-run", is_flag=True, help="Say what would be recomputed, and why.")
def refresh(name: str, dry_run: bool) -> None:
    """Recompute what is stored of MODEL and older than what it is made from.

    That is: a corrected file, a repaired contract (so that rows may leave quarantine), a changed definition of the
    features. Partitions that nobody has stored yet are left alone.
    """
    project, stores, now = Project.here(), Stores(Installation.from_environment()), datetime.now(tz=UTC)
    folder = project.model(name)
    model = Model.load(load_spec(folder), folder)
    stale = stale_partitions(model, stores, now)
    plan = [one for one in stale if not one.is_new]
    for one in plan:
        click.echo(f"{one.partition or 'whole'}: {'; '.join(one.reasons)}")
    if not plan:
        click.echo("Everything that is stored is up to date.")
    _tell_files(model, stores, stale)
    outcomes = []
    if plan and not dry_run:
        ensure_dagster_home()
        with dg.DagsterInstance.get() as instance:
            outcomes = refresh_model(project.definitions(name), instance, model, stores, now, on_job=click.echo)
    for key, tables in trained_on_older_data(model, stores).items():
        as_of, option = (f" as of {key}", f" --partition {key}") if key else ("", "")
        click.echo(
            f"The candidate{as_of} was trained on older {', '.join(tables)}. Run: ml-platform train {name}{option}"
        )
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        click.echo(f"  {problem}", err=True)
    sys.exit(0 if all(outcome.success for outcome in outcomes) else 1)


def _tell_files(model: Model, stores: Stores, stale: Sequence[StalePartition]) -> None:
    """Say which files lie there that nothing has been made of."""
    for one in stale:
        if one.is_new:
            option = f" --partition {one.partition}" if one.partition else ""
            click.echo(f"{'; '.join(one.reasons)}. Run: ml-platform run {model.name}_score{option}")
    for key, why in files_outside(model, stores).items():
        click.echo(f"{stores.raw.where(model.spec.entity.table, key)} is not used: {why}")
