"""``ml-platform run``: one job on one partition, in this process."""

from __future__ import annotations

import sys

import click
import dagster as dg

from ml_platform.cli.outcome import outcome_lines
from ml_platform.cli.project import Project
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.run_job import Outcome, run_job
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.argument("job")
@click.option("--partition", help="Partition key, such as 2013-01.")
def run(job: str, partition: str | None) -> None:
    """Run JOB (such as flights_ingest, flights_train, flights_score) on a partition."""
    ensure_dagster_home()
    with dg.DagsterInstance.get() as instance:
        outcome = run_and_tell(instance, job, partition)
    click.echo(f"{job} {partition or ''}: {'succeeded' if outcome.success else 'FAILED'} (run {outcome.run_id})")
    sys.exit(0 if outcome.success else 1)


def run_and_tell(instance: dg.DagsterInstance, job: str, partition: str | None) -> Outcome:
    """Run a job of the project; tell each step as it ends, what the run waits for, and what it has come to."""
    model, _, verb = job.rpartition("_")
    project = Project.here()
    outcome = run_job(
        project.definitions(model=model),
        instance,
        job,
        partition=partition,
        location=project.location,
        on_step=lambda step: click.echo(f"  done: {step}"),
        on_wait=click.echo,
    )
    for problem in outcome.problems:
        click.echo(f"  {problem}", err=True)
    if outcome.success:
        stores = Stores(Installation.from_environment())
        for line in outcome_lines(stores, model, verb, partition):
            click.echo(f"  {line}")
    return outcome
