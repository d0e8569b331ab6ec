"""``ml-platform add``: the next file of a model's table, validated, stored, and scored."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import say
from ml_platform.errors import DataError
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.read_query import is_url, without_password
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
    help="A CSV, Parquet or JSON lines file or a workbook; a folder of them; a pattern in quotes, such as "
    "'2024-*.csv'; or a database: sqlite:///shop.db.",
)
@click.option("--query", help="Of a database: the SELECT whose rows to deliver.")
@click.option("--sheet", help="Of a workbook: the one to deliver, if not that of the first file.")
@click.option("--replace", is_flag=True, help="The delivery is all of its partitions: remove their other rows.")
@click.option("--no-score", is_flag=True, help="Only store it; a sensor or `ml-platform run` scores it later.")
def add(name: str, file: str, *, query: str | None, sheet: str | None, replace: bool, no_score: bool) -> None:
    """Deliver the next rows of MODEL, corrections of stored rows, or outcomes that are known now.

    Every partition that the delivery touches is validated before anything is stored. What is new is then scored by the
    champion.
    """
    from ml_platform.pipeline.delivery.deliver import deliver

    project, stores, now = Project.here(), Stores(Installation.from_environment()), datetime.now(tz=UTC)
    folder = project.model(name)
    model = Model.load(load_spec(folder), folder)
    stated = file if is_url(file) else Path(file)
    parts = deliver(model, stores, stated, now, replace=replace, sheet=sheet, query=query, tell=say)
    stored = [part for part in parts if part.result is not None]
    if not stored:
        say(f"{without_password(file) if is_url(file) else file}: nothing new; every row is stored already.")
    if no_score:
        return
    if changed := _not_as_recorded(model, stores, stored):
        again = f"dvc commit, then ml-platform refresh {name}"
        raise DataError(f"DVC records other files than those that are stored now: {', '.join(changed)}. Run: {again}")
    waiting = [part.partition for part in parts if _is_to_score(model, stores, part)]
    if stored or waiting:
        sys.exit(0 if score(project, model, stores, waiting, now) else 1)


def _is_to_score(model: Model, stores: Stores, part: DeliveredPartition) -> bool:
    """Return whether a partition has new rows, or has never been looked at, and has no predictions."""
    if part.waits:
        return False
    validation = model.table_artifact("validation", model.spec.entity.table, part.partition)
    is_new = part.merged.n_new > 0 or stores.documents.manifest(validation) is None
    return is_new and stores.tables.manifest(model.artifact("predictions", part.partition)) is None


def score(project: Project, model: Model, stores: Stores, keys: Sequence[str | None], now: datetime) -> bool:
    """Score partitions, oldest first, and recompute what is stale by the delivery; return whether all succeeded."""
    if stores.ledger(model.name).champion() is None:
        option = f" --partition {keys[-1]}" if keys and keys[-1] else ""
        said = f"{model.name} has no champion yet, so nothing is scored."
        say(f"{said} Run: ml-platform train {model.name}{option}")
        return True
    from ml_platform.cli.refresh import recompute
    from ml_platform.cli.run import run_and_tell, tell_end
    from ml_platform.orchestration.jobs import job_name

    job = job_name(model.name, "score")
    scored = [run_and_tell(job, key) for key in keys]
    refreshed = recompute(project, model, stores, now)
    for outcome in refreshed:
        tell_end("refresh", outcome)
    return all(outcome.success for outcome in (*scored, *refreshed))


def _not_as_recorded(model: Model, stores: Stores, stored: Sequence[DeliveredPartition]) -> list[str]:
    table = model.spec.entity.table
    recorded = {part.partition: stores.raw.recorded(table, part.partition) for part in stored}
    return [
        stores.raw.where(table, key)
        for key, md5 in recorded.items()
        if md5 is not None and md5 != stores.raw.hash(table, key)
    ]
