"""``ml-platform lineage``: from a prediction back to the raw files, and from a partition forward to what it touched."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import click
from rich.console import Console
from rich.tree import Tree

from ml_platform.cli.group import Group
from ml_platform.cli.lineage_lines import partition_lines, prediction_lines
from ml_platform.cli.lineage_trees import partition_tree, prediction_tree
from ml_platform.cli.typed import say
from ml_platform.lineage.downstream import partition_downstream
from ml_platform.lineage.upstream import prediction_upstream
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores

WIDTH = 160
"""Columns of a tree that no terminal shows."""

output_option = click.option("--output", type=click.Choice(["text", "tree", "json"]), default="text", show_default=True)


@click.group(cls=Group)
def lineage() -> None:
    """Show the provenance of a prediction, or what is downstream of a partition."""


@lineage.command()
@click.argument("prediction_id", metavar="ID")
@output_option
def prediction(prediction_id: str, output: str) -> None:
    """Trace the prediction ID (column prediction_id of the predictions) back to features, model, data and code.

    Exit code 2 when there is no such prediction.
    """
    _tell(lambda stores: prediction_upstream(stores, prediction_id), prediction_lines, prediction_tree, output)


@lineage.command()
@click.argument("model")
@click.argument("partition")
@output_option
def data(model: str, partition: str, output: str) -> None:
    """Trace PARTITION of MODEL's raw data forward; 'whole' for its tables that have no partitions.

    Exit code 2 when there is no such model or partition.
    """
    _tell(lambda stores: partition_downstream(stores, model, partition), partition_lines, partition_tree, output)


def _tell(
    ask: Callable[[Stores], Any], lines: Callable[[Any], Iterable[str]], tree: Callable[[Any], Tree], output: str
) -> None:
    found = ask(Stores(Installation.from_environment()))
    if output == "json":
        say(json.dumps(asdict(found), indent=2, ensure_ascii=False, allow_nan=False, default=str))
    elif output == "text":
        for line in lines(found):
            say(line)
    else:
        width = None if sys.stdout.isatty() else WIDTH
        Console(width=width, highlight=False, markup=False).print(tree(found))
