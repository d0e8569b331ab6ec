"""``ml-platform refresh``: recompute what is older than its file, its contract or its features, and nothing else."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ml_platform.cli.project import Project
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home

if TYPE_CHECKING:
    from ml_platform.pipeline.model import Model
    from ml_platform.pipeline.stale import StalePartition
    from ml_platform.stores.stores import Stores


@click.command()
@click.argument("model")
@click.option("--dry-run", is_flag=True, help="Say what would be recomputed, and why.")
def refresh(model: str, dry_run: bool) -> None:
    """Recompute what is stored of MODEL and older than what it is made from.

    That is: a corrected file, a repaired contract (so that rows may leave quarantine), a changed definition of the
    features. Partitions that nobody has stored yet are left alone.
    """
    import dagster as dg

    from ml_platform.orchestration.execution.run_job import refresh_model
    from ml_platform.pipeline.model import Model
    from ml_platform.pipeline.stale import stored_and_stale
    from ml_platform.spec import load_spec
    from ml_platform.stores.installation import Installation
    from ml_platform.stores.stores import Stores

    project = Project.here()
    folder = project.model(model)
    loaded, stores, now = (
        Model.load(load_spec(folder), folder),
        Stores(Installation.from_environment()),
        datetime.now(tz=UTC),
    )
    plan = stored_and_stale(loaded, stores, now)
    _show(plan)
    outcomes = []
    if plan and not dry_run:
        ensure_dagster_home()
        with dg.DagsterInstance.get() as instance:
            outcomes = refresh_model(project.definitions(model), instance, loaded, stores, now, on_job=click.echo)
    _show_models(loaded, stores)
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        click.echo(f"  {problem}", err=True)
    sys.exit(0 if all(outcome.success for outcome in outcomes) else 1)


def _show(plan: list[StalePartition]) -> None:
    for one in plan:
        click.echo(f"{one.partition or 'whole'}: {'; '.join(one.reasons)}")
    if not plan:
        click.echo("Everything that is stored is up to date.")


def _show_models(model: Model, stores: Stores) -> None:
    from ml_platform.pipeline.stale import trained_on_older_data

    for key, tables in trained_on_older_data(model, stores).items():
        again = f"ml-platform train {model.name}" + (f" --partition {key}" if key else "")
        click.echo(
            f"The candidate{f' as of {key}' if key else ''} was trained on older {', '.join(tables)}. Run: {again}"
        )
