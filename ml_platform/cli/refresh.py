"""``ml-platform refresh``: recompute what is older than its file, its contract or its features, and nothing else."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import say
from ml_platform.orchestration.execution.dagster_home import dagster_instance
from ml_platform.orchestration.execution.run_job import refresh_model
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import stored_and_stale, trained_on_older_data
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.argument("name", metavar="MODEL")
@click.option("--dry-run", is_flag=True, help="Say what would be recomputed, and why.")
def refresh(name: str, dry_run: bool) -> None:
    """Recompute the stale partitions of MODEL.

    A partition is stale when what is stored of it is older than what it is made from: after a corrected file, a
    repaired contract (so that rows may leave quarantine), or a changed definition of the features. Partitions of which
    nothing is stored are left alone.
    """
    project, stores, now = Project.here(), Stores(Installation.from_environment()), datetime.now(tz=UTC)
    folder = project.model(name)
    model = Model.load(load_spec(folder), folder)
    plan = stored_and_stale(model, stores, now)
    for one in plan:
        say(f"{one.partition or 'whole'}: {'; '.join(one.reasons)}")
    if not plan:
        say("Everything that is stored is up to date.")
    outcomes = []
    if plan and not dry_run:
        with dagster_instance() as instance:
            outcomes = refresh_model(project.definitions(name), instance, model, stores, now, on_job=say)
    for key, tables in trained_on_older_data(model, stores).items():
        as_of, option = (f" as of {key}", f" --partition {key}") if key else ("", "")
        say(f"The candidate{as_of} was trained on older {', '.join(tables)}. Run: ml-platform train {name}{option}")
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        say(f"  {problem}", err=True)
    sys.exit(0 if all(outcome.success for outcome in outcomes) else 1)
