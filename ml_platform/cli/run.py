"""``ml-platform run``: one job on one partition, in this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ml_platform.cli.project import VERBS, Project
from ml_platform.cli.typed import say

if TYPE_CHECKING:
    from ml_platform.orchestration.execution.execute import Outcome


@click.command()
@click.argument("job")
@click.option("--partition", help="Partition key, such as 2013-01.")
def run(job: str, partition: str | None) -> None:
    """Run JOB, such as flights_ingest, flights_train or flights_score, on a partition."""
    sys.exit(0 if run_and_tell(job, partition).success else 1)


def run_and_tell(job: str, partition: str | None) -> Outcome:
    """Run a job of the project; tell each step as it ends, what the run waits for, and what it has come to.

    Raises
    ------
    WrongCall
        When there is no such job or partition.
    NotStored
        When raw files are missing without which the run would fail.
    """
    project = Project.here()
    project.validate_job(job)
    # A mistyped name was answered before, without the seconds that these take.
    from ml_platform.cli.needed import require_raw_files, require_stores
    from ml_platform.cli.outcome import outcome_lines
    from ml_platform.orchestration.execution.dagster_home import dagster_instance
    from ml_platform.orchestration.execution.run_job import run_job, validate_run
    from ml_platform.stores.installation import Installation
    from ml_platform.stores.stores import Stores

    model, _, verb = job.rpartition("_")
    stores = Stores(Installation.from_environment())
    definitions = project.definitions(model=model)
    validate_run(definitions, job, partition)
    ours = project.load(model) if model in project.models() and verb in VERBS else None
    require_stores(stores, verb)
    if ours is not None:
        require_raw_files(ours, stores, verb, partition)
    with dagster_instance() as instance:
        outcome = run_job(
            definitions,
            instance,
            job,
            partition=partition,
            location=project.location,
            on_step=lambda done: say(f"  {done}"),
            on_wait=say,
        )
    for line in outcome_lines(stores, ours, verb, partition) if outcome.success and ours else ():
        say(line)
    tell_end(" ".join(filter(None, (job, partition))), outcome)
    return outcome


def tell_end(what: str, outcome: Outcome) -> None:
    """Tell how a run ended: why, and where its log is, when it failed."""
    if outcome.success:
        say(f"{what} succeeded in {outcome.seconds:.0f} s")
        return
    for problem in outcome.problems:
        say(f"  {problem}", err=True)
    say(f"{what} FAILED after {outcome.seconds:.0f} s. Its log: {outcome.log}", err=True)
