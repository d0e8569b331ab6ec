"""``ml-platform status``: who serves and why, how far the data have drifted, what runs, and what to run next."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import as_typed, say
from ml_platform.errors import PlatformError

if TYPE_CHECKING:
    from ml_platform.orchestration.execution.under_way import Run
    from ml_platform.pipeline.status import Status


@click.command()
@click.argument("model", required=False)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(model: str | None, output: str) -> None:
    """Show the champion, the drift and the last decision of MODEL, and what to run next.

    Without MODEL, a line per model. Exit code 1 when the files of a model cannot be read.
    """
    project = Project.here()
    names = [project.model(model).name] if model else project.models()
    from ml_platform.pipeline.status import model_status  # a mistyped name was answered before
    from ml_platform.stores.installation import Installation
    from ml_platform.stores.stores import Stores

    stores = Stores(Installation.from_environment())
    found, errors = dict[str, Status](), dict[str, str]()
    for name in names:
        try:
            if (read := project.load(name)) is not None:
                found[name] = model_status(read, stores, datetime.now(tz=UTC))
        except PlatformError as error:  # of one model; the others are told
            if model:
                raise
            errors[name] = str(error)
    runs = _runs()
    if output == "json":
        click.echo(json.dumps(to_document(found, errors, runs), indent=2, ensure_ascii=False, default=str))
    else:
        tell(found, errors, runs, in_full=model is not None)
    sys.exit(1 if errors else 0)


def _runs() -> list[Run]:
    import dagster as dg

    from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
    from ml_platform.orchestration.execution.under_way import runs_under_way

    ensure_dagster_home()
    with dg.DagsterInstance.get() as instance:
        return runs_under_way(instance)


def to_document(found: dict[str, Status], errors: dict[str, str], runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return an object per model, in which ``next`` can be typed as it stands."""
    from ml_platform.cli.status_text import of_model
    from ml_platform.pipeline.next_step import next_step

    told = [
        {**asdict(one), "runs": [asdict(run) for run in of_model(runs, name)], "next": as_typed(next_step(one))}
        for name, one in found.items()
    ]
    return [*told, *({"model": name, "error": as_typed(error)} for name, error in errors.items())]


def tell(found: dict[str, Status], errors: dict[str, str], runs: Sequence[Run], *, in_full: bool) -> None:
    """Print a line per model, or what is known of one."""
    from ml_platform.cli.status_text import line_of, lines_of, of_model

    for name, one in found.items():
        lines = lines_of(one, of_model(runs, name)) if in_full else [line_of(one, of_model(runs, name))]
        for line in lines:
            say(line)
    for name, error in errors.items():
        say(f"{name}: {error}")
    if not (found or errors):
        say("There is no model yet. Run: ml-platform new NAME --from FILE --target COLUMN")
