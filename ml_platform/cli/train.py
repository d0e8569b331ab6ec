"""``ml-platform train``: a model as of a partition, from raw data to its decision; what the DVC stages run."""

from __future__ import annotations

import sys
from operator import methodcaller
from pathlib import Path
from typing import Any

import click

from ml_platform.cli.project import Project
from ml_platform.cli.run import run_and_tell
from ml_platform.pipeline.card import training_card
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.files import to_json, write_atomically
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores


@click.command()
@click.argument("model")
@click.option("--partition", help="The last partition of the training window, such as 2013-03.")
@click.option("--metrics", type=click.Path(path_type=Path), help="File to write the metrics to, for dvc metrics.")
@click.option("--plots", type=click.Path(path_type=Path), help="Folder to write the curves to, for dvc plots.")
def train(model: str, partition: str | None, metrics: Path | None, plots: Path | None) -> None:
    """Train MODEL as of a partition, and promote or reject the candidate.

    Missing partitions of the training window are made first. A rejected candidate has been trained and measured: it
    is an outcome of this command, and no failure.
    """
    folder = Project.here().model(model)
    if not run_and_tell(f"{model}_train", partition).success:
        sys.exit(1)
    stores = Stores(Installation.from_environment())
    for line in training_card(Model.load(load_spec(folder), folder), stores, partition):
        click.echo(f"  {line}")
    write_for_review(stores.documents.read(ArtifactKey(model, "evaluation", partition)), metrics, plots)


def write_for_review(evaluation: dict[str, Any], metrics: Path | None, plots: Path | None) -> None:
    """Write an evaluation's figures and curves as the JSON files that DVC compares and draws."""
    files: dict[Path, Any] = {}
    if metrics is not None:
        against = evaluation["baseline"]
        files[metrics] = {"candidate": against["candidate"], "baseline": against["other"], "n_rows": against["n_rows"]}
    if plots is not None:
        files |= {plots / f"{name}.json": points for name, points in evaluation["curves"].items()}
    for file, document in files.items():
        write_atomically(file, methodcaller("write", to_json(document)))
