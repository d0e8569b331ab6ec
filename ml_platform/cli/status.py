"""``ml-platform status``: who serves and why, how far the data have drifted, what runs, and what to run next."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ml_platform.cli.project import Project
from ml_platform.cli.typed import say
from ml_platform.errors import ContractError, SpecError

if TYPE_CHECKING:
    from ml_platform.orchestration.execution.under_way import Run


@click.command()
@click.argument("model", required=False)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(model: str | None, output: str) -> None:
    """Show the champion, the drift and the last decision of MODEL, and what to run next.

    Without MODEL, a line per model. Exit code 1 when the files of a model cannot be read.
    """
    project = Project.here()
    names = [project.model(model).name] if model else project.models()
    from ml_platform.cli.status_text import lines, to_document  # a mistyped name was answered before
    from ml_platform.pipeline.status import Status, model_status
    from ml_platform.stores.installation import Installation
    from ml_platform.stores.stores import Stores

    stores, now = Stores(Installation.from_environment()), datetime.now(tz=UTC)
    found, errors = dict[str, Status](), dict[str, str]()
    for name in names:
        try:
            read = project.load(name)
        except (SpecError, ContractError) as error:  # of one model; the others are told
            if model:
                raise
            errors[name] = str(error)
        else:
            found |= {name: model_status(read, stores, now)} if read else {}
    runs = _runs()
    if output == "json":
        say(json.dumps(to_document(found, errors, runs), indent=2, ensure_ascii=False, default=str))
    else:
        for line in lines(found, errors, runs, in_full=model is not None):
            say(line)
    sys.exit(1 if errors else 0)


def _runs() -> list[Run]:
    from ml_platform.orchestration.execution.dagster_home import dagster_instance
    from ml_platform.orchestration.execution.under_way import runs_under_way

    with dagster_instance() as instance:
        return runs_under_way(instance)
