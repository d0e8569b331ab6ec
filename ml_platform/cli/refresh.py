"""``ml-platform refresh``: recompute what is older than its file, its contract or its features, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import say
from ml_platform.orchestration.execution.dagster_home import dagster_instance
from ml_platform.orchestration.execution.execute import Outcome
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
    """Recompute the stale partitions of MODEL.

    A partition is stale when what is stored of it is older than what it is made from: after a corrected file, a
    repaired contract (so that rows may leave quarantine), or a changed definition of the features. Partitions of which
    nothing is stored are left alone.
    """
    project, stores, now = Project.here(), Stores(Installation.from_environment()), datetime.now(tz=UTC)
    folder = project.model(name)
    model = Model.load(load_spec(folder), folder)
    stale = stale_partitions(model, stores, now)
    plan = [one for one in stale if not one.is_new]
    for one in plan:
        say(f"{one.partition or 'whole'}: {'; '.join(one.reasons)}")
    outcomes = recompute(project, model, stores, now) if plan and not dry_run else []
    for problem in (problem for outcome in outcomes for problem in outcome.problems):
        say(f"  {problem}", err=True)
    say(verdict(name, len(plan), outcomes, dry_run=dry_run))
    _tell_files(model, stores, stale)
    if trained := list(trained_on_older_data(model, stores).items()):
        key, tables = trained[-1]
        as_of, option = (f" as of {key}", f" --partition {key}") if key else ("", "")
        more = f", and {len(trained) - 1} earlier ones" if len(trained) > 1 else ""
        say(
            f"  The candidate{as_of} was trained on older {', '.join(tables)}{more}. "
            f"Run: ml-platform train {name}{option}"
        )
    sys.exit(0 if all(outcome.success for outcome in outcomes) else 1)


def recompute(project: Project, model: Model, stores: Stores, now: datetime) -> list[Outcome]:
    """Recompute the stale partitions of a model, and tell each run and step; return how each run ended."""
    with dagster_instance() as instance:
        return refresh_model(
            project.definitions(model.name),
            instance,
            model,
            stores,
            now,
            location=project.location,
            on_job=say,
            on_step=lambda done: say(f"  {done}"),
        )


def _tell_files(model: Model, stores: Stores, stale: Sequence[StalePartition]) -> None:
    """Say which files lie there that nothing has been made of."""
    for one in stale:
        if one.is_new:
            option = f" --partition {one.partition}" if one.partition else ""
            say(f"  {'; '.join(one.reasons)}. Run: ml-platform run {model.name}_score{option}")
    for key, why in files_outside(model, stores).items():
        say(f"  {stores.raw.where(model.spec.entity.table, key)} is not used: {why}")


def verdict(name: str, n_stale: int, outcomes: Sequence[Outcome], *, dry_run: bool) -> str:
    """Return what has come of a refresh."""
    stale = f"{n_stale} partition{'' if n_stale == 1 else 's'} of {name}"
    if not n_stale:
        return f"UP TO DATE: everything that is stored of {name}"
    if dry_run:
        return f"STALE: {stale}. Run: ml-platform refresh {name}"
    failed, seconds = [one for one in outcomes if not one.success], sum(one.seconds for one in outcomes)
    if not failed:
        return f"REFRESHED: {stale} in {seconds:.0f} s"
    return f"FAILED: {len(failed)} of {stale}. Log of the last: {failed[-1].log}"
