"""``ml-platform add``: the next file of a model's table, validated, stored, and scored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ml_platform.cli.project import Project
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    from ml_platform.pipeline.delivery.deliver import DeliveredPartition


@click.command()
@click.argument("name", metavar="MODEL")
@click.option(
    "--from",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help="A CSV, JSON lines or Parquet file; a folder of them; or a pattern in quotes, such as '2024-*.csv'.",
)
@click.option("--replace", is_flag=True, help="The delivery is all of its partitions: remove their other rows.")
@click.option("--no-score", is_flag=True, help="Only store it; a sensor or `ml-platform run` scores it later.")
def add(name: str, file: Path, replace: bool, no_score: bool) -> None:
    """Add the next rows of MODEL's table, corrections of stored rows, or outcomes that are known now.

    Every partition that the delivery touches is validated before anything is stored. What is new is then scored by the
    champion.
    """
    from ml_platform.pipeline.delivery.deliver import deliver

    project, stores, now = Project.here(), Stores(Installation.from_environment()), datetime.now(tz=UTC)
    folder = project.model(name)
    model = Model.load(load_spec(folder), folder)
    parts = deliver(model, stores, file, now, replace=replace, tell=click.echo)
    stored = [part for part in parts if part.result is not None]
    if not stored:
        click.echo(f"{file}: nothing new; every row is stored already.")
    elif not no_score:
        sys.exit(0 if score(project, model, stores, stored, now) else 1)


def score(project: Project, model: Model, stores: Stores, stored: Sequence[DeliveredPartition], now: datetime) -> bool:
    """Score what is new, and recompute what is stale by it; return whether all of it succeeded."""
    for part in stored:
        if not part.is_over:
            click.echo(f"{part.partition} is not over: it is scored when all of its rows can be there.")
    if changed := _not_as_recorded(model, stores, stored):
        click.echo(
            f"DVC records other files: {', '.join(changed)}. Run: dvc commit, then ml-platform refresh {model.name}"
        )
        return False
    if stores.ledger(model.name).champion() is None:
        last = stored[-1].partition
        option = f" --partition {last}" if last else ""
        click.echo(
            f"{model.name} has no champion yet, so nothing is scored. Run: ml-platform train {model.name}{option}"
        )
        return True
    return _run(project, model, stores, [part.partition for part in stored if part.is_over], now)


def _not_as_recorded(model: Model, stores: Stores, stored: Sequence[DeliveredPartition]) -> list[str]:
    table = model.spec.entity.table
    recorded = {part.partition: stores.raw.recorded(table, part.partition) for part in stored}
    return [
        stores.raw.where(table, key)
        for key, md5 in recorded.items()
        if md5 is not None and md5 != stores.raw.hash(table, key)
    ]


def _run(project: Project, model: Model, stores: Stores, keys: Sequence[str | None], now: datetime) -> bool:
    """Score partitions that have no predictions, oldest first; then refresh what is stored and stale."""
    import dagster as dg

    from ml_platform.cli.run import run_and_tell
    from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
    from ml_platform.orchestration.execution.run_job import refresh_model
    from ml_platform.orchestration.jobs import job_name

    ensure_dagster_home()
    unscored = [key for key in keys if stores.tables.manifest(model.artifact("predictions", key)) is None]
    with dg.DagsterInstance.get() as instance:
        outcomes = []
        for key in unscored:
            click.echo(f"{job_name(model.name, 'score')} {key or ''}".strip())
            outcomes.append(run_and_tell(instance, job_name(model.name, "score"), key))
        outcomes += refresh_model(project.definitions(model.name), instance, model, stores, now, on_job=click.echo)
    return all(outcome.success for outcome in outcomes)
